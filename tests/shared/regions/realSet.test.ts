import { beforeAll, expect, it } from 'vitest';
import { balancedAccuracy, scoreRemovalTable, type ScoredRow } from '../../bench/realSet.ts';
import { describeWithShared, sharedPath } from '../../fixtures/shared.ts';

describeWithShared(
  'real and graded defacings of real heads, judged by eye before anything was measured',
  () => {
    let rows: ScoredRow[];
    beforeAll(async () => {
      rows = await scoreRemovalTable(sharedPath('data', 'labels.tsv'));
    }, 300_000);

    it('get the verdict by regions that the eye gave, on the clear rows and on all', () => {
      expect(balancedAccuracy(rows.filter(({ item }) => item.borderline === null))).toBeGreaterThanOrEqual(
        0.97,
      );
      expect(balancedAccuracy(rows)).toBeGreaterThanOrEqual(0.9);
    });

    it('never pass with an untouched eye or nose', () => {
      for (const { item, features, verdict } of rows) {
        const { leftEye, rightEye, nose } = features;
        if ([leftEye, rightEye, nose].some((share) => share !== null && share > 0.9))
          expect(verdict.verdict, item.mask).toBe(3);
      }
      const left = rows.filter(({ item }) => /down18|half/.test(item.mask));
      expect(left).toHaveLength(16);
      for (const { item, verdict } of left) expect(verdict.verdict, item.mask).toBe(3);
    });

    it('lose the brain that the referee says, within half a millilitre; losses above 1 ml are found as such', () => {
      for (const { item, brainMl } of rows) {
        if (item.verdict === null || item.brainMl === null) continue;
        if (item.brainMl < 1) expect(Math.abs(brainMl - item.brainMl), item.mask).toBeLessThanOrEqual(0.5);
        else expect(brainMl, item.mask).toBeGreaterThanOrEqual(1);
      }
    });

    it('have no value where the image does not show a region', () => {
      const chin = rows.filter(({ item }) => item.head === 't1_patient_upperface');
      for (const { survival } of chin) expect(survival.regions['chin-jaw'].surviving).toBeNull();
    });
  },
);
