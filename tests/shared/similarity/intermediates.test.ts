import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { decodePng } from '../../../src-main/files/png.ts';
import { lumaOf } from '../../../src-shared/similarity/bands.ts';
import { libraryGradient, originalGradient } from '../../../src-shared/similarity/gradients.ts';
import {
  libraryPhaseCongruency,
  originalPhaseCongruency,
} from '../../../src-shared/similarity/phaseCongruency.ts';
import { describeWithShared, hasShared, sharedPath } from '../../fixtures/shared.ts';

interface MapFacts {
  readonly sum: number;
  readonly max: number;
  readonly pixels: readonly number[];
}
interface Thresholds {
  readonly noise_threshold_by_orientation: readonly number[];
}
type Package = Thresholds & Record<'pc_sum_map' | 'gradient_shipped', MapFacts>;
type Original = Thresholds & Record<'pc_map' | 'gradient', MapFacts>;
interface Stored {
  readonly pair: string;
  readonly pixels_row_col: readonly (readonly [number, number])[];
  readonly images: Readonly<
    Record<string, { readonly file: string; readonly package: Package; readonly original: Original }>
  >;
}

const stored = hasShared
  ? (
      JSON.parse(readFileSync(sharedPath('golden', 'similarity', 'golden.json'), 'utf8')) as {
        intermediates: Stored[];
      }
    ).intermediates
  : [];
const images = stored.flatMap(({ pair, pixels_row_col, images: both }) =>
  Object.entries(both).map(([which, facts]) => [`${pair} ${which}`, pixels_row_col, facts] as const),
);

describeWithShared('the steps of FSIM reproduce the reference programs', () => {
  it.each(images)('on %s', (_, places, facts) => {
    const band = lumaOf(decodePng(readFileSync(sharedPath('golden', 'similarity', facts.file))));
    const expectMap = (map: Float64Array, expected: MapFacts): void => {
      expect(Math.abs(map.reduce((a, b) => a + b, 0) / expected.sum - 1)).toBeLessThan(1e-6);
      expect(Math.abs(map.reduce((a, b) => Math.max(a, b), 0) - expected.max)).toBeLessThan(2e-5);
      places.forEach(([row, column], n) => {
        expect(Math.abs(map[row * band.width + column] - expected.pixels[n])).toBeLessThan(2e-5);
      });
    };
    const library = libraryPhaseCongruency(band);
    const original = originalPhaseCongruency(band);
    facts.package.noise_threshold_by_orientation.forEach((t, o) => {
      expect(library.thresholds[o] / t).toBeCloseTo(1, 9);
    });
    facts.original.noise_threshold_by_orientation.forEach((t, o) => {
      expect(original.thresholds[o] / t).toBeCloseTo(1, 9);
    });
    expectMap(library.map, facts.package.pc_sum_map);
    expectMap(libraryGradient(band), facts.package.gradient_shipped);
    expectMap(original.map, facts.original.pc_map);
    expectMap(originalGradient(band), facts.original.gradient);
  });
});
