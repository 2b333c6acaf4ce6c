import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { decodePng, type PngImage } from '../../../src-main/files/png.ts';
import {
  fsimLibrary,
  fsimReference,
  prepareLibraryFsim,
  prepareReferenceFsim,
} from '../../../src-shared/similarity/fsim.ts';
import { psnr, rmse } from '../../../src-shared/similarity/pixelErrors.ts';
import { ssim, ssimSettings } from '../../../src-shared/similarity/ssim.ts';
import { describeWithShared, hasShared, sharedPath } from '../../fixtures/shared.ts';

type Stored = number | 'NaN' | 'Infinity' | null;
interface Pair {
  readonly id: string;
  readonly reference: string;
  readonly test: string;
  readonly degenerate: boolean;
  readonly values: Readonly<Record<string, Readonly<Record<string, Stored>>>>;
}

const golden = hasShared
  ? (JSON.parse(readFileSync(sharedPath('golden', 'similarity', 'golden.json'), 'utf8')) as { pairs: Pair[] })
  : { pairs: [] };
const png = (name: string): PngImage => decodePng(readFileSync(sharedPath('golden', 'similarity', name)));

function expectNear(value: number | null, stored: Stored, tolerance: number, what: string): void {
  if (stored === null) expect(value, what).toBeNull();
  else if (typeof stored === 'string') expect(String(value), what).toBe(stored);
  else {
    expect(Number.isFinite(value), what).toBe(true);
    expect(Math.abs((value ?? NaN) - stored), what).toBeLessThanOrEqual(tolerance);
  }
}

describeWithShared('the similarity measures reproduce the reference programs', () => {
  it.each(golden.pairs.map((pair) => [pair.id, pair] as const))('on %s', (_, pair) => {
    const [reference, test] = [png(pair.reference), png(pair.test)];
    const {
      package: theirs,
      scikit_image: scikit,
      original_fsim: original,
      exact_float64: exact,
    } = pair.values;
    for (const [key, dataRange] of [
      ['default', 4095],
      ['max255', 255],
    ] as const) {
      const error = theirs[`rmse_${key}`];
      expectNear(rmse(reference, test, { dataRange }), error, 5e-5 * Math.abs(Number(error)), `rmse ${key}`);
      expectNear(psnr(reference, test, { dataRange }), theirs[`psnr_${key}`], 5e-4, `psnr ${key}`);
    }
    expectNear(ssim(reference, test, ssimSettings.packageDefault), theirs.ssim_default, 1e-9, 'ssim default');
    expectNear(ssim(reference, test), theirs.ssim_max255, 1e-9, 'ssim 255');
    expectNear(ssim(reference, test), scikit.ssim_uniform7, 1e-9, 'ssim uniform');
    expectNear(
      ssim(reference, test, ssimSettings.gaussSample),
      scikit.ssim_gauss_sample,
      1e-9,
      'ssim gauss sample',
    );
    expectNear(
      ssim(reference, test, ssimSettings.gaussPopulation),
      scikit.ssim_gauss_population,
      1e-9,
      'ssim gauss',
    );

    const library = fsimLibrary(prepareLibraryFsim(reference), test);
    const paper = fsimReference(prepareReferenceFsim(reference), test);
    if (!pair.degenerate) {
      expectNear(library, theirs.fsim, 1e-7, 'fsim of the package');
      expectNear(library, exact.fsim_package_formula, 1e-9, 'fsim of the package in double precision');
    } else if (!/^s0[12]_/.test(pair.id)) {
      // Of pictures that vary along one axis only, rounding in the transform decides.
      expectNear(library, theirs.fsim, 1e-7, 'fsim of the package, undefined');
    }
    expectNear(paper, original.octave_fsim, 1e-9, 'fsim of the authors');
  });
});
