import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { firstOrder, histogram } from '../../../src-shared/predictors/firstOrder.ts';
import { glcm } from '../../../src-shared/predictors/glcm.ts';
import {
  cjv,
  cnr,
  efc,
  fber,
  snr,
  summaryOf,
  wmToMax,
} from '../../../src-shared/predictors/qualityFormulas.ts';
import { greyLevelsOf } from '../../../src-shared/predictors/shellTexture.ts';

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'fixtures', 'predictors', name), 'utf8'));

interface TextureCase {
  readonly name: string;
  readonly shape: readonly [number, number, number];
  readonly values: readonly number[];
  readonly bits: readonly number[];
  readonly levels: readonly number[];
  readonly firstOrder: Readonly<Record<string, number>>;
  readonly histogram: Readonly<Record<string, number>>;
  readonly glcm: Readonly<Record<string, number>>;
}
const { levels, cases } = fixture('texture.json') as { levels: number; cases: readonly TextureCase[] };

function expectAll(found: object | null, wanted: Readonly<Record<string, number>>, digits: number): void {
  expect(Object.keys(found ?? {}).sort()).toEqual(Object.keys(wanted).sort());
  for (const [name, value] of Object.entries(wanted))
    expect((found as Record<string, number>)[name], name).toBeCloseTo(value, digits);
}

describe.each(cases.map((each) => [each.name, each] as const))('texture beside mirp: %s', (_, each) => {
  const bits = Uint8Array.from(each.bits);
  const values = Float64Array.from(each.values);
  const grey = greyLevelsOf(values, bits);

  it('has the same intensity statistics', () => {
    expectAll(firstOrder(values.filter((_, n) => bits[n] === 1)), each.firstOrder, 6);
  });

  it('has the same grey levels and their histogram', () => {
    expect([...grey]).toEqual(each.levels);
    expectAll(histogram(grey, levels), each.histogram, 9);
  });

  it('has the same co-occurrence features', () => {
    expectAll(glcm(grey, each.shape, levels), each.glcm, 9);
  });
});

describe('image quality beside NumPy', () => {
  const wanted = fixture('quality.json') as Record<string, number> &
    Record<'white' | 'grey' | 'air' | 'head', number[]>;
  const white = summaryOf(Float64Array.from(wanted.white));
  const grey = summaryOf(Float64Array.from(wanted.grey));
  const air = summaryOf(Float64Array.from(wanted.air));
  const energy = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value * value, 0) / values.length;

  it.each([
    ['snrWhite', snr(white)],
    ['snrGrey', snr(grey)],
    ['cnr', cnr(white, grey, air.sd)],
    ['cjv', cjv(white, grey)],
    ['efc', efc(Float64Array.from([...wanted.head, ...wanted.air]))],
    ['fber', fber(energy(wanted.head), energy(wanted.air))],
    ['wmToMax', wmToMax(white, wanted.highest)],
  ])('gives %s', (name, value) => {
    expect(Math.abs((value ?? 0) / wanted[name] - 1)).toBeLessThan(1e-9);
  });

  it('has no answer where nothing varies', () => {
    const flat = summaryOf(Float64Array.from([5, 5, 5]));
    expect([snr(flat), cjv(flat, flat), cnr(flat, flat, 0), fber(1, 0), efc(new Float64Array(9))]).toEqual(
      Array(5).fill(null),
    );
  });
});
