import type { HandlersOf } from '../../src-shared/api/call.ts';
import type { PatternItem, patternCalls } from '../../src-shared/api/patternCalls.ts';
import { features } from '../../src-shared/features/features.ts';
import { mostRows } from '../../src-shared/patterns/clusters.ts';
import type { PatternInput, PatternMap } from '../../src-shared/patterns/patternMap.ts';
import type { Engine } from './engine.ts';

/** Failure patterns over all features of all measured defacings. */
export function patternHandlers({ derived, scans, pool }: Engine): HandlersOf<typeof patternCalls> {
  return {
    'patterns.map': async ({ seed }) => {
      const names = new Map(scans.list().map(({ id, name }) => [id, name]));
      const measured = derived
        .defacings()
        .map(({ id, scanId, tool }) => ({ id, scanId, tool, values: derived.features(id) }))
        .filter(({ values }) => values.length > 0);
      const taken = measured.slice(0, mostRows);
      const featureIds = features.map(({ id }) => id);
      const values = new Float64Array(taken.length * featureIds.length).fill(NaN);
      taken.forEach((one, row) => {
        for (const { feature, value } of one.values) {
          const column = featureIds.indexOf(feature);
          if (column >= 0 && value !== null) values[row * featureIds.length + column] = value;
        }
      });
      const input: PatternInput = {
        featureIds,
        x: { rows: taken.length, columns: featureIds.length, values },
        seed,
      };
      const map = (await pool.run('patterns', input)) as PatternMap;
      const items = map.rows.map((row, n): PatternItem => {
        const { id, scanId, tool } = taken[n];
        return { defacingId: id, scanId, scanName: names.get(scanId) ?? '', tool, ...row };
      });
      return {
        items,
        typical: map.medoids.map((row) => taken[row].id),
        silhouette: map.silhouette,
        shown: map.shown,
        featureIds: map.featureIds,
        seed,
        leftOut: measured.length - taken.length,
      };
    },
  };
}
