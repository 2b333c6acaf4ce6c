import { describe, expect, it } from 'vitest';
import { assembleEvaluation } from '../../../src-shared/model/assembleEvaluation.ts';
import { defaultEvaluation, type EvaluationSettings } from '../../../src-shared/model/evaluationSettings.ts';
import { planEvaluation, runTask } from '../../../src-shared/model/evaluationTask.ts';
import { checkFolds, stratifiedGroupFolds } from '../../../src-shared/model/groupFolds.ts';
import { type LearningTable, withMethodFlags } from '../../../src-shared/model/learningTable.ts';
import { matrixFrom } from '../../../src-shared/model/matrix.ts';
import { applyPreprocessing, fitPreprocessing } from '../../../src-shared/model/preprocess.ts';
import { readLearningTable } from '../../../src-shared/model/readTable.ts';
import { sha256 } from '../../../src-shared/model/sha256.ts';
import { createHash } from 'node:crypto';
import { seededRandom } from '../../../src-shared/stats/random.ts';

function sample(signal: number, seed = 1): LearningTable {
  const random = seededRandom(seed, 'evaluation');
  const labels: number[] = [];
  const rows = Array.from({ length: 160 }, () => {
    const label = random.next() < 0.4 ? 1 : 0;
    labels.push(label);
    const first = random.normal() + signal * label;
    return [
      first,
      first + 0.01 * random.normal(),
      random.normal(),
      random.next() < 0.05 ? Number.NaN : random.normal(),
    ];
  });
  return {
    itemIds: rows.map((_, i) => `i${i}`),
    features: ['a', 'copy-of-a', 'c', 'd'].map((id) => ({ id, version: 1, block: null })),
    x: matrixFrom(rows),
    labels: Uint8Array.from(labels),
    persons: rows.map((_, i) => `p${Math.floor(i / 4)}`),
    tools: rows.map((_, i) => ['shear', 'mask'][i % 2]),
  };
}
const settings: EvaluationSettings = {
  ...defaultEvaluation,
  models: ['logistic', 'forest'],
  grids: { logistic: [{ c: 0.1 }, { c: 1 }], forest: [{ trees: 15 }] },
  innerFolds: 3,
  repeats: 2,
  bootstrapDraws: 300,
};

describe('nested evaluation', () => {
  const table = withMethodFlags(sample(1.5));
  const plan = planEvaluation(table, settings);
  const results = plan.tasks.map(runTask);
  const evaluation = assembleEvaluation(table, plan, results);

  it('tests each item exactly once in a repeat and never a person it has learned from', () => {
    for (const task of plan.tasks) {
      const learned = new Set(task.trainRows.map((row) => table.persons[row]));
      expect(task.testRows.some((row) => learned.has(table.persons[row]))).toBe(false);
      if (task.tool !== null)
        expect(task.trainRows.some((row) => table.tools?.[row] === task.tool)).toBe(false);
    }
    for (const e of evaluation.evaluations.filter((e) => e.tool === null))
      for (const repeat of new Set(e.outOfFold.map((o) => o.repeat)))
        expect(
          e.outOfFold
            .filter((o) => o.repeat === repeat)
            .map((o) => o.item)
            .sort(),
        ).toEqual([...table.itemIds].sort());
  });
  it('lets nothing of the test fold in: other test features and labels give the same model', () => {
    const task = plan.tasks.find((t) => t.model === 'logistic');
    if (task === undefined) throw new Error('no task');
    const values = task.table.x.values.slice();
    const labels = task.table.labels.slice();
    for (const row of task.testRows) {
      labels[row] = 1 - labels[row];
      for (let j = 0; j < 4; j++) values[row * task.table.x.columns + j] = 1e6 * (row + j);
    }
    const disturbed = runTask({ ...task, table: { ...task.table, labels, x: { ...task.table.x, values } } });
    const { features, settings: chosen, threshold, grid, innerFolds } = runTask(task);
    expect(disturbed).toMatchObject({ features, settings: chosen, threshold, grid, innerFolds });
  });
  it('finds the signal, beats the baselines and keeps one of two twins', () => {
    const logistic = evaluation.evaluations.find((e) => e.model === 'logistic' && e.variant === 'all');
    expect(logistic?.metrics.auroc.pooled).toBeGreaterThan(0.78);
    const always = evaluation.evaluations.find((e) => e.model === 'always-insufficient');
    expect(always?.metrics.balancedAccuracy.pooled).toBe(0.5);
    expect(always?.metrics.sensitivity.pooled).toBe(1);
    for (const fold of logistic?.folds ?? [])
      expect(fold.features.filter((f) => f === 'a' || f === 'copy-of-a')).toHaveLength(1);
    const { auroc } = logistic?.metrics ?? {};
    expect(auroc?.interval?.low).toBeLessThan(auroc?.pooled ?? 0);
    expect(auroc?.interval?.high).toBeGreaterThan(auroc?.pooled ?? 1);
  });
  it('is honest on noise: the AUROC of labels that mean nothing is near one half', () => {
    const noise = withMethodFlags(sample(0, 4));
    const noisePlan = planEvaluation(noise, { ...settings, leaveOneToolOut: false, withoutMethod: false });
    const found = assembleEvaluation(noise, noisePlan, noisePlan.tasks.map(runTask));
    for (const e of found.evaluations)
      expect(Math.abs((e.metrics.auroc.pooled ?? 0) - 0.5), e.model).toBeLessThan(0.13);
  });
  it('gives the same results again, through JSON, and notices a missing or foreign step', () => {
    const again = JSON.parse(JSON.stringify(results)) as typeof results;
    expect(assembleEvaluation(table, plan, again)).toEqual(evaluation);
    expect(planEvaluation(table, settings).tasks.map((t) => t.id)).toEqual(plan.tasks.map((t) => t.id));
    expect(new Set(plan.tasks.map((t) => t.id)).size).toBe(plan.tasks.length);
    expect(() => assembleEvaluation(table, plan, results.slice(1))).toThrow('are missing');
    expect(() =>
      assembleEvaluation(table, plan, [{ ...results[0], plan: 'x' }, ...results.slice(1)]),
    ).toThrow('are missing');
  });
});

describe('folds by person', () => {
  it('are whole, balanced and repeatable', () => {
    const { labels, persons } = sample(1);
    const ids = Int32Array.from(persons, (p) => Number(p.slice(1)));
    const folds = stratifiedGroupFolds(labels, ids, 5, seededRandom(1));
    expect(stratifiedGroupFolds(labels, ids, 5, seededRandom(1))).toEqual(folds);
    const share = labels.reduce((a, b) => a + b, 0) / labels.length;
    for (const fold of checkFolds(folds, labels, ids, 5)) {
      expect(Math.abs(fold.insufficientShare - share)).toBeLessThan(0.05);
      expect(Math.abs(fold.items - labels.length / 5)).toBeLessThanOrEqual(8);
    }
    const torn = folds.slice();
    torn[0] = (torn[0] + 1) % 5;
    expect(() => checkFolds(torn, labels, ids, 5)).toThrow('in two folds');
  });
  it('are refused with the reason for 3 persons and for a class of too few persons', () => {
    const three = Int32Array.from({ length: 12 }, (_, i) => i % 3);
    const labels = Uint8Array.from({ length: 12 }, (_, i) => i % 2);
    expect(() => stratifiedGroupFolds(labels, three, 5, seededRandom(1))).toThrow('there are 3');
    const own = Int32Array.from({ length: 12 }, (_, i) => i);
    const rare = Uint8Array.from({ length: 12 }, (_, i) => (i < 2 ? 1 : 0));
    expect(() => stratifiedGroupFolds(rare, own, 5, seededRandom(1))).toThrow(
      'insufficient items of at least 5 persons',
    );
    expect(() => stratifiedGroupFolds(new Uint8Array(12), own, 5, seededRandom(1))).toThrow('same label');
  });
});

describe('a feature that only a few persons have', () => {
  it('is nothing in a fold whose training rows lack it, and the evaluation goes on', () => {
    const table = sample(2);
    const values = table.x.values.slice();
    // Known for one person only: missing from the training rows of the fold that tests it.
    for (let i = 0; i < 160; i++) values[i * 4 + 3] = table.persons[i] === 'p0' ? 1e6 + i : Number.NaN;
    const rare = { ...table, x: { ...table.x, values } };
    const plan = planEvaluation(rare, { ...settings, repeats: 1, selection: null, leaveOneToolOut: false });
    const result = assembleEvaluation(rare, plan, plan.tasks.map(runTask));
    for (const { metrics, model } of result.evaluations.filter(
      ({ model }) => model === 'logistic' || model === 'forest',
    ))
      // prettier-ignore
      expect(metrics.auroc.pooled, model).toBeGreaterThan(0.8);
    const raw = matrixFrom([[1, Number.NaN], [3, Number.NaN]]); // prettier-ignore
    const ready = applyPreprocessing(fitPreprocessing(raw), matrixFrom([[3, 5e9]]));
    expect([...ready.values].map((value) => Math.round(value * 1e9))).toEqual([1e9, 0]);
  });
});

describe('one class in a fold', () => {
  it('does not happen: every fold has both labels, or the split is refused with a sentence', () => {
    let made = 0;
    let refused = 0;
    for (let seed = 1; seed <= 400; seed++) {
      const random = seededRandom(seed, 'rare classes');
      const k = 2 + Math.floor(random.next() * 4);
      const rows = 12 + Math.floor(random.next() * 40);
      const share = 0.05 + 0.4 * random.next();
      const people = k + Math.floor(random.next() * 8);
      const ids = Int32Array.from({ length: rows }, () => Math.floor(random.next() * people));
      const labels = Uint8Array.from({ length: rows }, () => (random.next() < share ? 1 : 0));
      try {
        const folds = stratifiedGroupFolds(labels, ids, k, random);
        made++;
        for (const { insufficientShare } of checkFolds(folds, labels, ids, k)) {
          expect(insufficientShare).toBeGreaterThan(0);
          expect(insufficientShare).toBeLessThan(1);
        }
      } catch (error) {
        expect(error).toMatchObject({ code: 'split-impossible' });
        expect((error as Error).message).toMatch(/persons and there are \d+|same label/);
        refused++;
      }
    }
    expect(made).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(50);
  });

  it('is told for an evaluation: how many persons the label has, and what to do', () => {
    const table = sample(1);
    // Insufficient items of three persons only.
    const rare = new Set([...new Set(table.persons)].slice(0, 3));
    const labels = table.labels.map((_, i) => (rare.has(table.persons[i]) && i % 2 === 0 ? 1 : 0));
    expect(() => planEvaluation({ ...table, labels }, settings)).toThrow(
      /folds need insufficient items of at least \d persons and there are 3\. Use fewer folds or rate more scans\./,
    );
  });

  it('of a tool left out leaves AUROC without a value there, and the rest goes on', () => {
    const table = sample(1);
    const rows = table.itemIds.map((_, i) => i);
    // Every third item is by a tool that never fails.
    const tools = rows.map((i) => (i % 3 === 0 ? 'never' : i % 3 === 1 ? 'often' : 'sometimes'));
    const labels = table.labels.map((label, i) => (i % 3 === 0 ? 0 : label));
    const plan = planEvaluation(
      { ...table, labels, tools },
      { ...settings, models: ['cart'], withoutMethod: false, leaveOneToolOut: true, selection: null },
    );
    const result = assembleEvaluation({ ...table, labels, tools }, plan, plan.tasks.map(runTask));
    const never = result.evaluations.find(({ tool }) => tool === 'never');
    expect(never?.metrics.auroc.pooled).toBeNull();
    expect(never?.metrics.specificity.pooled).not.toBeNull();
    expect(result.evaluations.find(({ tool }) => tool === 'often')?.metrics.auroc.pooled).not.toBeNull();
  });
});

describe('tables from outside', () => {
  const columns = { label: 'y', person: 'p' };
  const good = 'p,y,f,g\na,1,2.5,1\nb,0,,2\nc,adequate,-1e-3,3\nd,,1,4\n';
  it('reads quotes, gaps, words for labels, and leaves out rows without a label', () => {
    const { table, leftOut } = readLearningTable(good, columns);
    expect([...table.labels]).toEqual([1, 0, 0]);
    expect([...table.x.values]).toEqual([2.5, 1, Number.NaN, 2, -0.001, 3]);
    expect(leftOut).toEqual([{ row: 5, reason: 'no label' }]);
    expect(readLearningTable('p\ty\tf\n"a ""x"""\t1\t2\n', columns).table.persons).toEqual(['a "x"']);
  });
  it.each([
    ['a missing person column', good.replace('p,', 'q,'), 'no person column'],
    ['a label that is not binary', good.replace('a,1', 'a,2'), 'row 2 is neither'],
    ['a person cell left empty', good.replace('b,0', ',0'), 'Row 3 names no person'],
    ['an infinite value', good.replace('2.5', 'inf'), 'infinite in row 2'],
    ['a ragged row', good.replace('b,0,,2', 'b,0,2'), 'Row 3 has 3 cells'],
    ['a column name twice', good.replace('f,g', 'f,f'), 'occurs twice'],
    ['only a header', 'p,y,f\n', 'no rows'],
  ])('refuses %s with a sentence', (_, text, sentence) => {
    expect(() => readLearningTable(text, columns)).toThrow(sentence);
  });
  it('refuses text where a feature was asked for', () => {
    expect(() => readLearningTable(good.replace('2.5', 'much'), { ...columns, features: ['f'] })).toThrow(
      'holds text in row 2',
    );
  });
  it('refuses constant, empty and duplicate features before anything is trained', () => {
    const table = sample(1);
    const change = (edit: (row: number[]) => number[]): LearningTable => ({
      ...table,
      x: matrixFrom(
        Array.from({ length: 160 }, (_, i) => edit([...table.x.values.subarray(i * 4, i * 4 + 4)])),
      ),
    });
    expect(() =>
      planEvaluation(
        change(([a, b, c]) => [a, b, c, 7]),
        settings,
      ),
    ).toThrow('same in every row');
    expect(() =>
      planEvaluation(
        change(([a, b, c]) => [a, b, c, Number.NaN]),
        settings,
      ),
    ).toThrow('no values');
    expect(() =>
      planEvaluation(
        change(([a, b, , d]) => [a, b, a, d]),
        settings,
      ),
    ).toThrow('hold the same values');
  });
});

it('hashes as Node does', () => {
  for (const text of ['', 'abc', 'ä'.repeat(55), 'x'.repeat(1000)])
    expect(sha256(text)).toBe(createHash('sha256').update(text).digest('hex'));
});
