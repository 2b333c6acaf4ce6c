import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RatingQueue } from '../../../src-shared/api/ratingCalls.ts';
import { parseDelimited } from '../../../src-shared/model/readTable.ts';
import type { Look } from '../../../src-shared/rating/verdict.ts';
import { addPeople, freshId, lookOf, openTestStudy, type TestStudy } from '../../fixtures/ratedStudy.ts';

/*
 * Twelve scans by two tools: 24 pairs. What Ann, Ben and, where they differ, Cy say of each scan (columns) by tool:
 *
 *   alpha  Ann 1 1 1 1 1 1 2 2 2 3 3 x      beta  Ann 3 3 3 3 3 3 1 1 2 2 1 x
 *          Ben 1 1 1 1 1 2 2 2 3 3 3 1            Ben 3 3 3 3 2 1 1 1 2 2 3 x
 *
 * x: Ann excludes scan 12 at one tool, which holds for both; Ben rates it by alpha, and excludes it by beta, which holds for
 * both as well. So scan 12 is excluded by agreement, and 11 scans a tool count.
 *
 * alpha strict (2 and 3 insufficient): Ann 00000011111, Ben 00000111111: both adequate 5, Ann 0 and Ben 1: 1, both 1: 5.
 *   Po = 10/11, Pe = (6/11)(5/11) + (5/11)(6/11) = 60/121, kappa = (110 - 60) / (121 - 60) = 50/61.
 * alpha lenient (3 insufficient): Ann 00000000011, Ben 00000000111: 8, 1, 0, 2.
 *   Po = 10/11, Pe = (9 x 8 + 2 x 3) / 121 = 78/121, kappa = (110 - 78) / (121 - 78) = 32/43.
 * beta strict: Ann 11111100110, Ben 11111000111: both 0: 2, Ann 0 and Ben 1: 1 (scan 11), Ann 1 and Ben 0: 1 (scan 6), both 1: 7.
 *   Po = 9/11, Pe = (3 x 3 + 8 x 8) / 121 = 73/121, kappa = (99 - 73) / (121 - 73) = 26/48.
 * beta lenient: Ann 11111100000, Ben 11110000001: both 0: 4, Ann 0 and Ben 1: 1, Ann 1 and Ben 0: 2, both 1: 4.
 *   Po = 8/11, Pe = (5 x 6 + 6 x 5) / 121 = 60/121, kappa = (88 - 60) / (121 - 60) = 28/61.
 *
 * Disputed: alpha 6 (strict), 9 (lenient); beta 5 (lenient), 6 (both), 11 (both): five pairs, Cy gives 1 to each.
 */
const said = {
  Ann: { alpha: '11111122233x', beta: '33333311221x' },
  Ben: { alpha: '111112223331', beta: '33332111223x' },
} as const;
const expected = {
  alpha: {
    strict: { n: 11, cells: [[5, 1], [0, 5]], kappa: 50 / 61, agreement: 10 / 11 },
    lenient: { n: 11, cells: [[8, 1], [0, 2]], kappa: 32 / 43, agreement: 10 / 11 },
  },
  beta: {
    strict: { n: 11, cells: [[2, 1], [1, 7]], kappa: 26 / 48, agreement: 9 / 11 },
    lenient: { n: 11, cells: [[4, 1], [2, 4]], kappa: 28 / 61, agreement: 8 / 11 },
  },
} as const; // prettier-ignore

let study: TestStudy;
let people: Awaited<ReturnType<typeof addPeople>>;
let roundId: string;

beforeAll(async () => {
  study = await openTestStudy({ scans: 12, tools: ['alpha', 'beta'], scansPerPerson: 1 });
  people = await addPeople(study, [
    { name: 'Olga', role: 'owner' },
    { name: 'Ann', role: 'rater' },
    { name: 'Ben', role: 'rater' },
    { name: 'Cy', role: 'rater' },
  ]);
  const { Olga, Ann, Ben, Cy } = people;
  const round = await Olga.api['rounds.open']({
    name: 'Whole',
    primary: [Ann.id, Ben.id],
    third: Cy.id,
    seed: 3,
    repeatShare: 0.1,
    minViewingMs: 500,
  });
  roundId = round.id;
  const names = new Map(
    (await Olga.api['defacings.list']({})).map(({ id, scanId, tool }) => [id, { scanId, tool }]),
  );
  const numbers = new Map((await Olga.api['scans.list']({})).map(({ id, person }) => [id, Number(person)]));
  for (const name of ['Ann', 'Ben'] as const) {
    await rateBy(name, (defacingId) => {
      const { scanId, tool } = names.get(defacingId) ?? { scanId: '', tool: '' };
      const sign = said[name][tool as 'alpha' | 'beta'][(numbers.get(scanId) ?? 0) - 1];
      if (sign === 'x') return lookOf('already-defaced');
      return lookOf(Number(sign) as 1 | 2 | 3, { remains: sign === '3' ? ['eyes', 'mouth'] : [] });
    });
  }
  await rateBy('Cy', () => lookOf(1));
});
afterAll(() => study.close());

/** Rates a person's list to its end by what a rule says of each defacing. */
async function rateBy(name: string, rule: (defacingId: string) => Look): Promise<void> {
  const { api, session } = people[name];
  let queue: RatingQueue = await api['ratings.next']({ roundId });
  while (queue.item !== null) {
    const itemId = queue.item.id;
    const defacingId = study.engine.bytesName(`item/${itemId}/removed`, session)?.split('/')[1] ?? '';
    const sent = {
      id: freshId(),
      itemId,
      look: rule(defacingId),
      viewingMs: 2000,
      render: { mode: 'views' },
    };
    ({ queue } = await api['ratings.commit'](sent));
  }
}

describe('two raters and an adjudicator over 24 pairs', () => {
  it('agree as the table computed by hand says', async () => {
    const report = await people.Olga.api['agreement.report']({ roundId });
    for (const tool of ['alpha', 'beta'] as const)
      for (const criterion of ['strict', 'lenient'] as const) {
        const row = report.rows.find(
          (each) => each.primary && each.tool === tool && each.criterion === criterion,
        );
        const { n, cells, kappa, agreement } = expected[tool][criterion];
        expect(row).toMatchObject({ n, cells });
        expect(row?.kappa).toBeCloseTo(kappa, 12);
        expect(row?.agreement).toBeCloseTo(agreement, 12);
        expect(row?.pabak).toBeCloseTo(2 * agreement - 1, 12);
        expect((row?.kappaBootstrap?.low ?? 2) < kappa && kappa < (row?.kappaBootstrap?.high ?? -2)).toBe(
          true,
        );
      }
    expect(report.table2[0].strict.agreementPercent).toBeCloseTo(1000 / 11, 9);
    expect(report.exclusions).toEqual({ both: 2, onlyFirst: 0, onlySecond: 0, neither: 22 });
    expect(report.intra.filter(({ n }) => n > 0).every(({ agreement }) => agreement === 1)).toBe(true);
  });

  it('lead to five disputes, which the third rater settles by majority', async () => {
    const { Olga, Cy } = people;
    const [{ overview }] = await Olga.api['rounds.list']({});
    expect(overview).toMatchObject({ disputed: 5, waitingForThird: 0, waitingForConsensus: 0, settled: 24 });
    expect((await Cy.api['ratings.next']({ roundId })).total).toBe(5);
    const labels = await Olga.api['labels.list']({ roundId });
    const by = labels.flatMap(({ strict, lenient }) =>
      [strict, lenient].map((label) => (label.state === 'open' ? 'open' : `${label.state} ${label.by}`)),
    );
    const count = (what: string): number => by.filter((each) => each === what).length;
    expect([count('final agreement'), count('final majority'), count('excluded agreement')]).toEqual([
      37, 7, 4,
    ]);
    // Strict: alpha 1 to 5 pass, 6 by majority; beta 7 and 8, and 6 and 11 by majority.
    const success = await Olga.api['agreement.success']({ roundId });
    expect(
      success.map(({ tool, criterion, n, passed, excluded }) => [tool, criterion, n, passed, excluded]),
    ).toEqual([
      ['alpha', 'strict', 11, 6, 1],
      ['alpha', 'lenient', 11, 9, 1],
      ['beta', 'strict', 11, 4, 1],
      ['beta', 'lenient', 11, 7, 1],
    ]);
  });

  it('show the pairs behind a cell', async () => {
    const { Olga, Ann, Ben } = people;
    const pairs = await Olga.api['agreement.pairs']({
      roundId,
      tool: 'beta',
      criterion: 'lenient',
      raters: [Ann.id, Ben.id],
      cell: [1, 0],
    });
    expect(pairs.map(({ scan }) => scan)).toEqual(['sub-005_run-1_T1w', 'sub-006_run-1_T1w']);
    expect(pairs.map(({ first, second }) => [first.verdict, second.verdict])).toEqual([
      [3, 2],
      [3, 1],
    ]);
  });

  it('go out as tables with a dictionary, a row a verdict or a row a defacing', async () => {
    const { Olga } = people;
    const verdicts = await Olga.api['verdicts.list']({ roundId });
    for (const format of ['csv', 'tsv'] as const) {
      const { files } = await Olga.api['ratings.export']({ roundId, shape: 'long', format });
      const [head, ...rows] = parseDelimited(files[0].text);
      expect(rows).toHaveLength(verdicts.length);
      expect(Object.keys(JSON.parse(files[1].text) as object)).toEqual(head);
      expect(new Set(rows.map((row) => row[head.indexOf('rater')]))).toEqual(new Set(['Ann', 'Ben', 'Cy']));
    }
    const { files } = await Olga.api['ratings.export']({ roundId, shape: 'wide', format: 'json' });
    const rows = JSON.parse(files[0].text) as Record<string, unknown>[];
    expect(rows).toHaveLength(24);
    const six = rows.find((row) => row.method === 'alpha' && row.scan === 'sub-006_run-1_T1w');
    expect(six).toMatchObject({
      strict_label: 0,
      strict_by: 'majority',
      lenient_label: 0,
      lenient_by: 'agreement',
      first_verdict: 1,
      second_verdict: 2,
      third_verdict: 1,
    });
  });

  it('give labels that come back in through an import with a mapping, elsewhere made ones too', async () => {
    const { Olga } = people;
    const other = await openTestStudy({ scans: 12, tools: ['alpha', 'beta'], scansPerPerson: 1 });
    const { files } = await Olga.api['ratings.export']({ roundId, shape: 'wide', format: 'csv' });
    const api = other.as(null);
    const [{ text }] = files;
    const preview = await api['labels.previewImport']({ text });
    const guessed = (name: string) => preview.columns.find((column) => column.name === name)?.guess;
    expect([preview.separator, guessed('scan'), guessed('method'), guessed('strict_label')]).toEqual([
      'comma',
      'scan',
      'tool',
      'strict',
    ]);
    const mapping = { scan: 'scan', tool: 'method', strict: 'strict_label', lenient: 'lenient_label' };
    expect(await api['labels.import']({ text, source: 'the other study', mapping })).toMatchObject({
      taken: 22,
      leftOut: [{ reason: 'no label' }, { reason: 'no label' }],
    });
    const labels = await api['labels.list']({});
    const original = await Olga.api['labels.list']({ roundId });
    expect(labels.map(({ strict }) => (strict.state === 'final' ? strict.label : null))).toEqual(
      original.map(({ strict }) => (strict.state === 'final' ? strict.label : null)),
    );
    const strange =
      'image;who;good\nsub-001_run-1_T1w.nii.gz;A;yes\nnowhere;A;no\nsub-002_run-1_T1w;B;no\nsub-002_run-1_T1w;A;maybe\n';
    const outcome = await api['labels.import']({
      text: strange,
      source: 'a colleague',
      mapping: {
        scan: 'image',
        tool: 'who',
        lenient: 'good',
        values: { yes: 0, no: 1 },
        tools: { A: 'alpha' },
      },
    });
    expect(outcome).toEqual({
      taken: 1,
      leftOut: [
        { line: 3, reason: 'no scan of this study is named nowhere' },
        { line: 4, reason: 'this scan has no defacing by B' },
        { line: 5, reason: 'it is not said what maybe means' },
      ],
    });
    await other.close();
  });

  it('have ages by sex from what the participants table said', async () => {
    const ages = await people.Olga.api['agreement.ages']({ roundId });
    expect(ages).toMatchObject({ persons: 12, unknown: 0 });
    expect(ages.groups.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0))).toEqual([8, 4]);
  });
});
