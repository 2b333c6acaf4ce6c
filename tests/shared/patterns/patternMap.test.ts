import { describe, expect, it } from 'vitest';
import { clusters } from '../../../src-shared/patterns/clusters.ts';
import { isolationForest } from '../../../src-shared/patterns/isolationForest.ts';
import { patternMap } from '../../../src-shared/patterns/patternMap.ts';
import { robustScale } from '../../../src-shared/patterns/robustScale.ts';
import { sphericalPca } from '../../../src-shared/patterns/sphericalPca.ts';
import { symmetricEigen } from '../../../src-shared/patterns/symmetricEigen.ts';
import { seededRandom } from '../../../src-shared/stats/random.ts';

/** Two groups of 30 rows far apart in all five columns, and one wild row at the end. */
function twoGroups() {
  const random = seededRandom(3);
  const rows = 61;
  const values = new Float64Array(rows * 5);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < 5; c++) values[r * 5 + c] = random.normal();
    if (r >= 30) for (let c = 0; c < 5; c++) values[r * 5 + c] += 9;
  }
  values.set([80, -80, -90, 95, 90], 60 * 5);
  return { rows, columns: 5, values };
}

describe('a map of defacings without labels', () => {
  const x = twoGroups();
  const map = patternMap({ featureIds: ['a', 'b', 'c', 'd', 'e'], x, seed: 11 });

  it('keeps two groups apart and gives each a typical example of its own', () => {
    const first = new Set(map.rows.slice(0, 30).map(({ cluster }) => cluster));
    const second = new Set(map.rows.slice(30, 60).map(({ cluster }) => cluster));
    expect(first.size).toBe(1);
    expect(second.size).toBe(1);
    expect([...first][0]).not.toBe([...second][0]);
    const typical = map.medoids.slice(0, 2).sort((a, b) => a - b);
    expect(typical[0]).toBeLessThan(30);
    expect(typical[1]).toBeGreaterThanOrEqual(30);
    expect(typical[1]).toBeLessThan(60);
  });

  it('finds the odd one out and says in what', () => {
    const scores = map.rows.map(({ oddness }) => oddness);
    expect(scores.indexOf(Math.max(...scores))).toBe(60);
    expect(map.rows[60].outlier).toBe(true);
    expect(map.rows.filter(({ outlier }) => outlier).length).toBeLessThan(5);
    expect(Math.abs(map.rows[60].oddFeatures[0].z)).toBe(8);
  });

  it('is the same for the same seed', () => {
    expect(patternMap({ featureIds: ['a', 'b', 'c', 'd', 'e'], x, seed: 11 })).toEqual(map);
    expect(isolationForest(x, 1)).not.toEqual(isolationForest(x, 2));
  });

  it('is not turned by one wild row', () => {
    const { scaled } = robustScale(x);
    const without = {
      rows: 60,
      columns: scaled.columns,
      values: scaled.values.slice(0, 60 * scaled.columns),
    };
    const [a] = sphericalPca(scaled).axes;
    const [b] = sphericalPca(without).axes;
    const cosine = a.reduce((sum, value, c) => sum + value * b[c], 0);
    expect(Math.abs(cosine)).toBeGreaterThan(0.99);
  });

  it('takes missing values as the middle and leaves out what does not vary', () => {
    const values = Float64Array.from([1, 5, NaN, 2, 5, 3, 3, 5, 4, 4, 5, 9]);
    const { scaled, kept } = robustScale({ rows: 4, columns: 3, values });
    expect(kept).toEqual([0, 2]);
    expect(scaled.values[1]).toBe(0);
  });

  it('maps one row and none without failing', () => {
    expect(
      patternMap({ featureIds: ['a'], x: { rows: 0, columns: 1, values: new Float64Array() }, seed: 1 }).rows,
    ).toEqual([]);
    const one = patternMap({
      featureIds: ['a'],
      x: { rows: 1, columns: 1, values: Float64Array.of(3) },
      seed: 1,
    });
    expect(one.rows).toHaveLength(1);
    expect(one.medoids).toEqual([0]);
  });
});

it('eigenvectors of a known matrix', () => {
  const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
  expect(values[0]).toBeCloseTo(3, 12);
  expect(values[1]).toBeCloseTo(1, 12);
  expect(vectors[0][0]).toBeCloseTo(Math.SQRT1_2, 12);
  expect(vectors[0][1]).toBeCloseTo(Math.SQRT1_2, 12);
});

it('clusters refuse more rows than they can hold', () => {
  expect(() => clusters({ rows: 2001, columns: 0, values: new Float64Array() })).toThrow(RangeError);
});
