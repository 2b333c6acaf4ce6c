import { closeSync, openSync, writeSync } from 'node:fs';

/**
 * Everything a program prints, in one file that stays small: the first half of the limit as it comes, the last half kept in
 * memory and written at the end, with a line that tells how much lies between. Throws when the file cannot be opened.
 */
export class BoundedLog {
  readonly #file: number;
  readonly #half: number;
  #headLeft: number;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #dropped = 0;

  constructor(path: string, limitBytes: number) {
    this.#file = openSync(path, 'w', 0o600);
    this.#half = Math.floor(limitBytes / 2);
    this.#headLeft = this.#half;
  }

  write(chunk: Buffer): void {
    const head = chunk.subarray(0, this.#headLeft);
    if (head.length > 0) {
      writeSync(this.#file, head);
      this.#headLeft -= head.length;
    }
    const rest = Buffer.from(chunk.subarray(head.length));
    if (rest.length === 0) return;
    this.#tail.push(rest);
    this.#tailBytes += rest.length;
    while (this.#tail.length > 1 && this.#tailBytes - this.#tail[0].length >= this.#half) {
      const gone = this.#tail.shift()?.length ?? 0;
      this.#tailBytes -= gone;
      this.#dropped += gone;
    }
  }

  close(): void {
    if (this.#dropped > 0) writeSync(this.#file, `\n[${this.#dropped} bytes of output left out here]\n`);
    for (const chunk of this.#tail) writeSync(this.#file, chunk);
    this.#tail = [];
    closeSync(this.#file);
  }
}
