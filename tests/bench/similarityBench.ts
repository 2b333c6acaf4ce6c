import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodePng } from '../../src-main/files/png.ts';
import { fsimLibrary, prepareLibraryFsim } from '../../src-shared/similarity/fsim.ts';
import type { GreyImage } from '../../src-shared/views/greyImage.ts';

const side = 512;

/** A shaded ball with texture; `cut` removes a quarter of it. */
function picture(cut: boolean): GreyImage {
  const pixels = new Uint8Array(side * side);
  for (let y = 0, n = 0; y < side; y++) {
    for (let x = 0; x < side; x++, n++) {
      const [u, v] = [(x - 256) / 220, (y - 256) / 220];
      const height = 1 - u * u - v * v;
      if (height > 0 && !(cut && u < 0 && v > 0)) {
        pixels[n] = Math.min(
          255,
          Math.round(30 + 200 * Math.sqrt(height) + ((x * 31 + y * 17 + ((x * y) >> 3)) % 23)),
        );
      }
    }
  }
  return { width: side, height: side, pixels };
}

/**
 * CPU time of `fsim_library` on 512 x 512 pictures against the Python package (any of its versions with the same
 * formula), which `DEFACEQA_BENCH_PYTHON` must be able to import. Prints lines; false where a goal is missed.
 */
export function similarityBench(print: (line: string) => void = console.log): boolean {
  const [reference, test] = [picture(false), picture(true)];
  fsimLibrary(prepareLibraryFsim(reference), test);
  const runs = 4;
  const start = process.cpuUsage();
  let value = 0;
  for (let n = 0; n < runs; n++) value = fsimLibrary(prepareLibraryFsim(reference), test);
  const { user, system } = process.cpuUsage(start);
  const pairSeconds = (user + system) / 1e6 / runs;
  print(
    `fsim_library, one 512 x 512 pair: ${pairSeconds.toFixed(3)} s CPU; with the reference prepared about half`,
  );

  const python = process.env.DEFACEQA_BENCH_PYTHON;
  if (python === undefined) {
    print('skipped the comparison: set DEFACEQA_BENCH_PYTHON to a Python with image-similarity-measures');
    return true;
  }
  const folder = mkdtempSync(join(tmpdir(), 'similarity-bench-'));
  try {
    const paths = [reference, test].map((image, n) => {
      const path = join(folder, `${String(n)}.png`);
      writeFileSync(path, encodePng(image));
      return path;
    });
    const { status, stdout } = spawnSync(
      python,
      [join(import.meta.dirname, 'similarityBench.py'), ...paths],
      {
        encoding: 'utf8',
      },
    );
    if (status !== 0) {
      print('skipped the comparison: this Python cannot import image-similarity-measures');
      return true;
    }
    const theirs = JSON.parse(stdout) as { three: number; one: number; three_value: number };
    const ratios = [theirs.three / pairSeconds, theirs.one / pairSeconds];
    const same = Math.abs(theirs.three_value - value) < 1e-7;
    print(
      `package: ${theirs.three.toFixed(2)} s for 3 bands, ${theirs.one.toFixed(2)} s for one; same value: ${String(same)}`,
    );
    print(`ratio ${ratios[0].toFixed(1)} (goal 5) for 3 bands, ${ratios[1].toFixed(1)} (goal 1.5) for one`);
    return same && ratios[0] >= 5 && ratios[1] >= 1.5;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
