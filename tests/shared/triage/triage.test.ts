import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-shared/stats/random.ts';
import { auditSample, auditState } from '../../../src-shared/triage/auditSample.ts';
import { drift } from '../../../src-shared/triage/drift.ts';
import { matchPairs } from '../../../src-shared/triage/matchPairs.ts';
import { nextToRate } from '../../../src-shared/triage/nextToRate.ts';
import { riskCurve, riskStatement, type TestedItem } from '../../../src-shared/triage/riskStatement.ts';
import { sameHead } from '../../../src-shared/triage/samePerson.ts';
import { decide, expectedCost } from '../../../src-shared/triage/triageDecision.ts';
import { hardRules, type TriageFacts } from '../../../src-shared/triage/triageRules.ts';
import { phantomHead } from '../../../src-shared/phantom/phantomHead.ts';
import { affineOf } from '../../../src-shared/volume/affine.ts';
import { resample } from '../../../src-shared/volume/resample.ts';

const facts = (change: Partial<TriageFacts> & { values?: Record<string, number | null> }): TriageFacts => ({
  outcome: 'done',
  tool: 'tool',
  contrast: 'T1w',
  samePerson: null,
  ...change,
  features: new Map(Object.entries({ head_loss_pct: 20, brain_loss_ml: 0, ...change.values })),
});

const gone = Object.fromEntries(
  ['left_eye_open', 'right_eye_open', 'lids', 'nose', 'lips', 'lower', 'changed'].map((part) => [
    `face_${part}_pct`,
    0,
  ]),
);

describe('rules that stand before every model', () => {
  it.each([
    ['nothing-removed', 'fail', facts({ outcome: 'nothing-removed' })],
    ['nothing-removed', 'fail', facts({ values: { head_loss_pct: 0.02 } })],
    ['wrong-grid', 'fail', facts({ outcome: 'wrong-grid' })],
    ['wrong-person', 'fail', facts({ samePerson: 'other' })],
    ['wrong-person', 'look', facts({ samePerson: 'unsure' })],
    ['brain-cut', 'fail', facts({ values: { brain_loss_ml: 7 } })],
    ['brain-cut', 'look', facts({ values: { brain_loss_ml: 1.2 } })],
    ['face-present', 'fail', facts({ values: { ...gone, face_nose_pct: 60 } })],
    ['no-output', 'fail', facts({ outcome: 'tool-failed' })],
  ] as const)('%s: %s', (rule, effect, given) => {
    expect(hardRules(given, 'lenient')).toEqual([expect.objectContaining({ rule, effect })]);
  });

  it('tell what is left of a face in words', () => {
    const eyes = {
      ...gone,
      face_left_eye_open_pct: 90,
      region_left_eye_pct: 80,
      region_right_eye_pct: 76,
      region_nose_pct: 2,
    };
    expect(hardRules(facts({ values: eyes }), 'lenient')).toEqual([
      { rule: 'face-present', effect: 'fail', sentence: 'Both eyes still there: 78 % of their surface.' },
    ]);
    expect(hardRules(facts({ values: gone }), 'strict')).toEqual([]);
    expect(hardRules(facts({ values: { ...gone, face_nose_pct: 5 } }), 'strict')).toMatchObject([
      { effect: 'look' },
    ]);
    expect(hardRules(facts({ values: { ...gone, face_nose_pct: 5 } }), 'lenient')).toEqual([]);
  });

  it('find nothing where there is nothing', () => {
    expect(hardRules(facts({}), 'strict')).toEqual([]);
  });
});

describe('a decision', () => {
  const input = { rules: [], probability: 0.1, problem: null, outside: [], lower: 0.2, upper: 0.8 };
  it('follows the thresholds, the edges going to people', () => {
    expect(decide(input).decision).toBe('pass');
    expect(decide({ ...input, probability: 0.2 }).decision).toBe('review');
    expect(decide({ ...input, probability: 0.8 }).decision).toBe('review');
    expect(decide({ ...input, probability: 0.81 }).decision).toBe('fail');
  });

  it('is never a pass without a lower threshold, outside the training data, or with a rule to look', () => {
    expect(decide({ ...input, lower: null }).decision).toBe('review');
    expect(decide({ ...input, outside: ['The model has never seen FLAIR.'] }).decision).toBe('hold');
    expect(decide({ ...input, probability: null, problem: 'Not measured.' }).decision).toBe('hold');
    const look = { rule: 'brain-cut', effect: 'look', sentence: '1.2 ml of brain removed.' } as const;
    expect(decide({ ...input, rules: [look] })).toMatchObject({
      decision: 'review',
      reasons: ['1.2 ml of brain removed.', 'Probability of insufficient: 10 %.'],
    });
  });

  it('by a rule needs no score', () => {
    const fail = {
      rule: 'wrong-grid',
      effect: 'fail',
      sentence: 'It does not lie on the grid of its original.',
    } as const;
    expect(decide({ ...input, rules: [fail], probability: 0 })).toEqual({
      decision: 'fail',
      reasons: [fail.sentence],
    });
  });

  it('costs most to leave where letting it out would be worst and failing it a waste', () => {
    expect(expectedCost(0.001)).toBeLessThan(expectedCost(0.05));
    expect(expectedCost(0.05)).toBeLessThan(expectedCost(0.1));
    expect(expectedCost(0.99)).toBeLessThan(expectedCost(0.1));
  });
});

/** Scores of a model that knows something: insufficient ones lie higher. */
function testedItems(persons: number, perPerson: number, seed: number): TestedItem[] {
  const random = seededRandom(seed);
  return Array.from({ length: persons * perPerson }, (_, i) => {
    const label = i % perPerson < perPerson / 2 ? 1 : 0;
    const probability = 1 / (1 + Math.exp(-(random.normal() + (label === 1 ? 2.2 : -2.2))));
    return {
      person: `p${Math.floor(i / perPerson)}`,
      tool: 't',
      contrast: 'T1w',
      site: null,
      label,
      probability,
      values: [],
    };
  });
}

describe('a statement of risk', () => {
  const request = { alpha: 0.05, delta: 0.05, alphaFail: 0.05, seed: 1 };
  it('says that there are not enough rated scans where that is the truth', () => {
    const statement = riskStatement(testedItems(58, 2, 1), request);
    expect(statement.lower.kind).toBe('not-enough');
    expect(statement.notEnough).toBe(
      'Not enough rated scans: 58 of 59 persons with an insufficient defacing. Nothing is passed automatically.',
    );
  });

  it('is kept on people never seen: in 200 studies the true miss rate exceeds 5 % in no more than 5 %', () => {
    let broken = 0;
    for (let study = 0; study < 200; study++) {
      const { lower } = riskStatement(testedItems(100, 2, 100 + study), { ...request, seed: study });
      const others = testedItems(4000, 2, 9000 + study).filter(({ label }) => label === 1);
      const missed = others.filter(
        ({ probability }) => lower.kind === 'threshold' && probability < lower.threshold,
      );
      if (missed.length / others.length > 0.05) broken++;
    }
    expect(broken).toBeLessThanOrEqual(10);
  });

  it('allows more coverage for more risk', () => {
    const curve = riskCurve(testedItems(150, 2, 3), request).filter(({ lower }) => lower !== null);
    expect(curve.length).toBeGreaterThan(5);
    for (const [n, point] of curve.slice(1).entries())
      expect(point.coverage ?? 0).toBeGreaterThanOrEqual(curve[n].coverage ?? 0);
  });

  it('gives counts with every share', () => {
    const { rates, onePerPerson } = riskStatement(testedItems(150, 2, 3), request);
    expect(rates.missRate.n).toBe(150);
    expect(onePerPerson.coverage.n).toBe(150);
    expect(rates.coverageLow).toBeLessThan(rates.coverage.share ?? 0);
  });
});

describe('whom to ask next', () => {
  const item = (defacingId: string, person: string, probability: number | null, at: number) => ({ defacingId, person, probability, position: [at] }); // prettier-ignore
  it('begins with the most uncertain, asks every person before asking one twice, and repeats itself', () => {
    const items = [
      item('a', '1', 0.5, 0),
      item('b', '1', 0.49, 5),
      item('c', '2', 0.9, 1),
      item('d', '3', 0.02, 2),
    ];
    const order = nextToRate(items, 4);
    expect(order[0]).toBe('a');
    expect(order.at(-1)).toBe('b');
    expect(nextToRate([...items].reverse(), 4)).toEqual(order);
  });

  it('prefers what is unlike what was taken', () => {
    const items = [item('a', '1', 0.5, 0), item('near', '2', 0.5, 0.01), item('far', '3', 0.5, 4)];
    expect(nextToRate(items, 2)).toEqual(['a', 'far']);
  });
});

describe('the audit', () => {
  const passed = Array.from({ length: 200 }, (_, n) => `d${n}`);
  it('draws its share by the seed alone', () => {
    const drawn = auditSample(passed, { share: 0.1, least: 5, seed: 4 });
    expect(drawn.size).toBe(20);
    expect(auditSample([...passed].reverse(), { share: 0.1, least: 5, seed: 4 })).toEqual(drawn);
    expect(auditSample(passed.slice(0, 3), { share: 0.1, least: 5, seed: 4 }).size).toBe(3);
  });

  it('counts people, the worst of each, with an exact bound', () => {
    const state = auditState(
      [
        { person: 'a', label: 0 },
        { person: 'a', label: 1 },
        { person: 'b', label: 0 },
        { person: 'c', label: null },
      ],
      0.05,
    );
    expect(state).toMatchObject({ chosen: 4, looked: 3, k: 1, n: 2 });
    expect(state.bound).toBeCloseTo(0.9747, 4);
  });
});

describe('drift', () => {
  const batch = (seed: number, shift: number) => {
    const random = seededRandom(seed);
    const values = (by: number) =>
      Array.from({ length: 60 }, (_, n) => ({ person: `p${n}`, value: random.normal() + by }));
    return { ssim: values(0), rmse: values(shift), probability: values(0) };
  };
  it('names the feature that moved and no other', () => {
    expect(drift(batch(1, 0), batch(2, 1.5)).filter(({ drifted }) => drifted).map(({ what }) => what)).toEqual(['rmse']); // prettier-ignore
  });
  it('is seldom seen where there is none: in at most 5 % of 100 batches', () => {
    let alarms = 0;
    for (let n = 0; n < 100; n++)
      if (drift(batch(n, 0), batch(n + 500, 0)).some(({ drifted }) => drifted)) alarms++;
    expect(alarms).toBeLessThanOrEqual(5);
  });
});

describe('the person in a defaced image', () => {
  const [one, other] = [1, 2].map((seed) => phantomHead({ seed, spacingMm: 5 }).volume);
  const half = one.values.map((value, n) => (n % one.shape[0] < one.shape[0] / 2 ? value : 0));
  it('is the same where what was kept is kept, also rescaled', () => {
    expect(sameHead(one, { ...one, values: half }).verdict).toBe('same');
    expect(sameHead(one, { ...one, values: half.map((value) => 0.7 * value + 3) }).verdict).toBe('same');
  });
  it('is another where somebody else lies in the same grid', () => {
    expect(sameHead(one, resample(other, { onto: one })).verdict).toBe('other');
  });
});

describe('originals and defaced files', () => {
  const grid = (n: number) => ({
    shape: [n, n, n] as const,
    affine: affineOf([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]),
  });
  const file = (relativePath: string, n = 10) => ({ path: `/${relativePath}`, relativePath, grid: grid(n) });
  it('are matched by name without marks, by subject, by grid, and never by a guess', () => {
    const originals = [
      file('sub-01/anat/sub-01_T1w.nii.gz'),
      file('sub-02/anat/sub-02_T1w.nii.gz'),
      file('head one.nii', 11),
      file('a.nii.gz', 12),
      file('x/scan.nii.gz', 13),
      file('y/scan.nii.gz', 13),
    ];
    const defaced = [
      file('sub-01/anat/sub-01_desc-pydeface_T1w.nii.gz'),
      file('out/sub-02_rec-clean_T1w.nii.gz'),
      file('HEAD ONE_quickshear.nii.gz', 11),
      file('something.nii.gz', 12),
      file('scan.nii.gz', 13),
      file('nowhere.nii.gz', 99),
    ];
    const { pairs, unmatched } = matchPairs(originals, defaced);
    expect(pairs.map(({ original, how }) => [original.relativePath, how])).toEqual([
      ['sub-01/anat/sub-01_T1w.nii.gz', 'name'],
      ['sub-02/anat/sub-02_T1w.nii.gz', 'subject'],
      ['head one.nii', 'name'],
      ['a.nii.gz', 'geometry'],
    ]);
    expect(unmatched.map(({ file: { relativePath } }) => relativePath)).toEqual([
      'scan.nii.gz',
      'nowhere.nii.gz',
    ]);
  });
});
