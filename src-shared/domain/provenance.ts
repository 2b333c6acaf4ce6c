/** Where a derived value came from, so that it can be recomputed and recognised when stale. */
export interface Provenance {
  /** SHA-256 of every input, by its role. */
  readonly inputs: Readonly<Record<string, string | null>>;
  /** What made it: a tool or a step of ours. */
  readonly maker: string;
  readonly makerVersion: string;
  /** The full command of a program, else null. */
  readonly command: readonly string[] | null;
  readonly settings: Readonly<Record<string, unknown>>;
  /** null where nothing is drawn at random. */
  readonly seed: number | null;
  /** Version of this software. */
  readonly software: string;
  readonly durationMs: number;
  /** Highest memory of the process that made it, where known. */
  readonly peakMemoryBytes: number | null;
  /** UTC, ISO 8601. */
  readonly at: string;
  /** Of a program: its log, below the study folder. */
  readonly logPath: string | null;
}

/** What decides whether a derived row is still right. Times, memory and the release of this software do not. */
export type InputFacts = Pick<Provenance, 'inputs' | 'maker' | 'makerVersion' | 'settings' | 'seed'>;

/** One line of text that is equal for equal facts, whatever the order of their keys. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : part,
  );
}
