import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agreementReport, type RatedDefacing } from '../../../src-shared/rating/agreementReport.ts';
import { roundLabels, type StandingLook } from '../../../src-shared/rating/roundLabels.ts';
import { agesBySex, toolSuccess } from '../../../src-shared/rating/toolSuccess.ts';
import type { Criterion, Look, Verdict } from '../../../src-shared/rating/verdict.ts';
import { clopperPearson } from '../../../src-shared/stats/clopperPearson.ts';
import { kendallTau } from '../../../src-shared/stats/kendallTau.ts';
import { lookOf } from '../../fixtures/ratedStudy.ts';

interface Referees {
  rows: { scan: number; person: number; tool: string; verdicts: (Verdict | null)[] }[];
  agreement: {
    tool: string | null;
    criterion: Criterion;
    pair: [number, number];
    n: number;
    kappa: number | null;
    low: number | null;
    high: number | null;
    cells: number[][];
  }[];
  alpha: { tool: string | null; criterion: Criterion; alpha: number }[];
  trends: { y: number[]; tau: number; p: number }[];
  intervals: { k: number; n: number; low: number; high: number }[];
}
const read = (name: string): unknown =>
  JSON.parse(
    readFileSync(join(import.meta.dirname, '..', '..', 'fixtures', 'rating', `${name}.json`), 'utf8'),
  );
const referees = read('round') as Referees;
const ac1 = read('roundAc1') as {
  tool: string | null;
  criterion: Criterion;
  ac1All: number;
  ac1: number;
  pabak: number;
}[];

/** A round out of rows of verdicts by scan, tool and rater. */
function roundOf(
  rows: readonly { scan: number; person: number; tool: string; verdicts: readonly (Look | null)[] }[],
): RatedDefacing[] {
  const defacings = rows.map(({ scan, tool }) => ({ id: `${scan} ${tool}`, scanId: String(scan) }));
  const looks = rows.flatMap(({ verdicts }, n) =>
    verdicts.flatMap((look, at): StandingLook[] =>
      look === null
        ? []
        : [{ defacingId: defacings[n].id, scanId: defacings[n].scanId, place: (at + 1) as 1 | 2 | 3, look }],
    ),
  );
  const labels = roundLabels({ defacings, looks, consensus: new Map(), hasThird: true });
  return labels.map((label, n) => ({ ...label, tool: rows[n].tool, person: String(rows[n].person) }));
}

const raters = ['Ann', 'Ben', 'Cy'].map((name) => ({ accountId: name, name }));
const whole = {
  raters,
  defacings: roundOf(
    referees.rows.map((row) => ({
      ...row,
      verdicts: row.verdicts.map((verdict) => (verdict === null ? null : lookOf(verdict))),
    })),
  ),
  repeats: [],
  looks: [],
  seed: 5,
  draws: 50,
};
const report = agreementReport(whole);
const rowOf = (tool: string | null, criterion: Criterion, [a, b]: [number, number]) => {
  const names = [raters[a].name, raters[b].name].join();
  return report.rows.find(
    (row) => row.tool === tool && row.criterion === criterion && row.raters.join() === names,
  );
};

describe('the agreement of a round', () => {
  it('has the kappas and cells of scikit-learn and the intervals of statsmodels, by tool, criterion and pair', () => {
    expect(report.rows).toHaveLength(referees.agreement.length);
    for (const expected of referees.agreement) {
      const found = rowOf(expected.tool, expected.criterion, expected.pair);
      expect(found?.n).toBe(expected.n);
      expect(found?.cells).toEqual(expected.cells);
      if (expected.kappa === null || !Number.isFinite(expected.kappa)) continue;
      expect(found?.kappa).toBeCloseTo(expected.kappa, 12);
      if (expected.low === null || expected.high === null) continue;
      expect(found?.kappaAsymptotic?.low).toBeCloseTo(expected.low, 9);
      expect(found?.kappaAsymptotic?.high).toBeCloseTo(expected.high, 9);
    }
  });

  it('has the alpha of krippendorff and the AC1 and PABAK of irrCAC, ratings missing', () => {
    for (const expected of referees.alpha)
      expect(rowOf(expected.tool, expected.criterion, [0, 1])?.alpha).toBeCloseTo(expected.alpha, 12);
    expect(ac1).toHaveLength(referees.alpha.length);
    for (const expected of ac1) {
      const found = rowOf(expected.tool, expected.criterion, [0, 1]);
      expect(found?.ac1All).toBeCloseTo(expected.ac1All, 9);
      expect(found?.ac1).toBeCloseTo(expected.ac1, 9);
      expect(found?.pabak).toBeCloseTo(expected.pabak, 9);
    }
  });

  it('prints Table 2 with a row a tool and one for all, from the primary pair', () => {
    expect(report.table2.map(({ tool }) => tool)).toEqual(['alpha', 'beta', 'gamma', null]);
    const [first] = report.table2;
    const row = rowOf('alpha', 'strict', [0, 1]);
    expect(first.strict).toEqual({
      n: row?.n,
      agreementPercent: (row?.agreement ?? 0) * 100,
      kappa: row?.kappa,
      interval: row?.kappaBootstrap,
    });
  });

  it('leaves an original that a rater excluded out of both criteria and counts exclusions apart', () => {
    const verdicts = (a: Look, b: Look): Look[] => [a, b];
    const defacings = roundOf([
      { scan: 1, person: 1, tool: 'x', verdicts: verdicts(lookOf('already-defaced'), lookOf(1)) },
      { scan: 1, person: 1, tool: 'y', verdicts: verdicts(lookOf(1), lookOf(1)) },
      {
        scan: 2,
        person: 2,
        tool: 'x',
        verdicts: verdicts(lookOf('incomplete-head'), lookOf('already-defaced')),
      },
      {
        scan: 3,
        person: 3,
        tool: 'x',
        verdicts: verdicts(lookOf(3), lookOf(2, { remains: ['eyes', 'nose'] })),
      },
    ]);
    const found = agreementReport({ ...whole, raters: raters.slice(0, 2), defacings });
    expect(found.exclusions).toEqual({ both: 1, onlyFirst: 2, onlySecond: 0, neither: 1 });
    expect(found.rows.filter(({ tool }) => tool === null).map(({ n }) => n)).toEqual([1, 1]);
    const dispute = (feature: string) => found.disputes.find((each) => each.feature === feature);
    // The pair where the first rater named the nose, the second eyes and nose; and the one he later excluded with its scan.
    expect(dispute('nose')).toMatchObject({ both: 1, onlyFirst: 0, onlySecond: 0, neither: 1 });
    expect(dispute('eyes')).toMatchObject({ both: 0, onlyFirst: 0, onlySecond: 1, neither: 1 });
  });

  it('sees a rater grow faster and stricter, and another stay as he was', () => {
    const looks = Array.from({ length: 100 }, (_, n) => [
      { accountId: 'Ann', look: lookOf(n < 50 ? 1 : 3), viewingMs: 20_000 - n * 100 },
      { accountId: 'Ben', look: lookOf(n % 2 === 0 ? 1 : 3), viewingMs: 5000 + (n % 3) * 100 },
    ]).flat();
    const { pace } = agreementReport({ ...whole, defacings: [], looks });
    const [ann, ben] = pace;
    expect(ann.drift.seconds?.tau).toBeCloseTo(-1, 12);
    expect(ann.drift.strict?.p).toBeLessThan(1e-6);
    expect(ann.blocks).toHaveLength(10);
    expect(ann.blocks.map(({ insufficientStrict }) => insufficientStrict)).toEqual([
      0, 0, 0, 0, 0, 1, 1, 1, 1, 1,
    ]);
    expect(ben.drift.strict?.p).toBeGreaterThan(0.5);
    expect(ben.medianSeconds).toBeCloseTo(5.1, 9);
  });

  it('compares hidden repeats with first looks', () => {
    const repeats = [1, 1, 2, 3].map((second, n) => ({
      accountId: 'Ann',
      person: String(n),
      first: lookOf(n === 3 ? 3 : 1),
      second: lookOf(second as Verdict),
    }));
    const { intra } = agreementReport({ ...whole, defacings: [], repeats });
    expect(intra.filter(({ accountId }) => accountId === 'Ann')).toMatchObject([
      { criterion: 'strict', n: 4, agreement: 0.75, kappa: 0.5 },
      { criterion: 'lenient', n: 4, agreement: 1, kappa: 1 },
    ]);
  });
});

describe('trends', () => {
  it('have the tau-b and p of scipy, ties or not', () => {
    for (const { y, tau, p } of referees.trends) {
      const found = kendallTau(
        y.map((_, n) => n),
        y,
      );
      expect(found?.tau).toBeCloseTo(tau, 12);
      expect(found?.p).toBeCloseTo(p, 12);
    }
  });

  it('are null where nothing varies', () => {
    expect(kendallTau([1, 2, 3], [4, 4, 4])).toBeNull();
    expect(kendallTau([1, 2], [1, 2])).toBeNull();
  });
});

describe('success per tool', () => {
  it('counts final labels only, with the exact interval of statsmodels', () => {
    for (const { k, n, low, high } of referees.intervals) {
      const found = clopperPearson(k, n);
      expect(found.low).toBeCloseTo(low, 9);
      expect(found.high).toBeCloseTo(high, 9);
    }
    const defacings = roundOf([
      { scan: 1, person: 1, tool: 'x', verdicts: [lookOf(1), lookOf(1)] },
      { scan: 2, person: 2, tool: 'x', verdicts: [lookOf(2), lookOf(2)] },
      { scan: 3, person: 3, tool: 'x', verdicts: [lookOf(1), lookOf(3)] },
      { scan: 4, person: 4, tool: 'x', verdicts: [lookOf('already-defaced'), lookOf('already-defaced')] },
    ]);
    const [strict, lenient] = toolSuccess(defacings, { seed: 1, draws: 200 });
    expect(strict).toMatchObject({
      tool: 'x',
      criterion: 'strict',
      n: 2,
      passed: 1,
      share: 0.5,
      excluded: 1,
      open: 1,
    });
    expect(lenient).toMatchObject({ n: 2, passed: 2, share: 1 });
    expect(lenient.exact?.low).toBeCloseTo(0.025 ** 0.5, 9);
  });
});

describe('ages by sex', () => {
  it('stand in groups of ten years; 89+ counts as 89 and who has no age is counted apart', () => {
    const persons = [
      { age: '23', sex: 'F' },
      { age: '29.5', sex: 'female' },
      { age: '31', sex: 'M' },
      { age: '89+', sex: 'm' },
      { age: null, sex: 'F' },
      { age: 'n/a', sex: 'F' },
    ];
    const found = agesBySex(persons);
    expect(found.bounds).toEqual([20, 30, 40, 50, 60, 70, 80, 90]);
    expect(found.groups).toEqual([
      { sex: 'F', counts: [2, 0, 0, 0, 0, 0, 0] },
      { sex: 'M', counts: [0, 1, 0, 0, 0, 0, 1] },
    ]);
    expect([found.persons, found.unknown, found.medianAge]).toEqual([6, 2, 30.25]);
  });
});
