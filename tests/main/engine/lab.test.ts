import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import Database from 'better-sqlite3';
import { createEngine, systemClock, type OpenEngine } from '../../../src-main/engine/engine.ts';
import { openPool } from '../../../src-main/workers/pool.ts';
import type { ApiOf } from '../../../src-shared/api/call.ts';
import { createClient } from '../../../src-shared/api/client.ts';
import { contract } from '../../../src-shared/api/contract.ts';
import { loadModel } from '../../../src-shared/model/trainedModel.ts';
import { type Recipe } from '../../../src-shared/model/presets.ts';
import { writeLearnableStudy } from '../../fixtures/learnableStudy.ts';

const folder = mkdtempSync(join(tmpdir(), 'defaceqa-lab-'));
const workers = openPool({ size: 2 });
const study = join(folder, 'study');
let engine: OpenEngine;
let api: ApiOf<typeof contract>;

async function open(): Promise<void> {
  engine = await createEngine({
    ...{ studyFolder: study, tools: [], workers, clock: systemClock, software: 'test' },
  });
  api = createClient(contract, engine.dispatch);
}

const recipe: Recipe = {
  ...{ criteria: ['strict', 'lenient'], features: ['ssim', 'head_loss_pct', 'rmse'], method: true },
  ...{ selection: true, models: ['logistic', 'cart'], outerFolds: 3, innerFolds: 2, repeats: 1, seed: 5 },
  ...{ withoutMethod: true, leaveOneToolOut: true },
};
const started = async (wanted: Recipe): Promise<{ evaluationId: string; jobId: number }> =>
  api['evaluations.start']({ ...wanted, ...lists(wanted) });
const lists = ({ criteria, features, models }: Recipe) => ({
  criteria: [...criteria],
  features: [...features],
  models: [...models],
});

beforeAll(async () => {
  writeLearnableStudy(study, { persons: 20, scansPerPerson: 2, unlabelled: 4 });
  await open();
});
afterAll(async () => {
  await engine.close();
  await workers.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('what goes in', () => {
  const choice = { criterion: 'strict' as const, method: true, outerFolds: 5, seed: 1 };
  it('is counted by tool, contrast and person, and what stays out has its reason', async () => {
    const found = await api['lab.whatGoesIn']({ ...choice, features: ['ssim', 'bhr'] });
    expect(found).toMatchObject({ items: 116, persons: 20, impossible: null });
    expect(found.leftOut).toEqual([
      {
        reason: expect.stringMatching(/not in a closed round/) as string,
        items: expect.any(Array) as unknown,
      },
    ]);
    expect(found.leftOut[0].items).toHaveLength(4);
    expect(found.byTool.map(({ name }) => name)).toEqual([
      'facemask-builtin',
      'pydeface',
      'quickshear-builtin',
    ]);
    expect(found.byTool.reduce((sum, { items }) => sum + items, 0)).toBe(116);
    expect(found.byPerson).toHaveLength(20);
    expect(found.folds).toHaveLength(5);
    expect(found.features.map(({ id }) => id)).toEqual([
      ...['ssim', 'bhr', 'method_facemask-builtin', 'method_pydeface', 'method_quickshear-builtin'],
    ]);
  });
  it('says why no folds can be made, and refuses a feature that does not exist', async () => {
    const found = await api['lab.whatGoesIn']({ ...choice, features: ['ssim'], outerFolds: 20 });
    expect(found.impossible?.message).toMatch(/20 folds need/);
    await expect(api['lab.whatGoesIn']({ ...choice, features: ['beauty'] })).rejects.toMatchObject({
      code: 'feature-unknown',
    });
  });
});

describe('an evaluation', () => {
  let first = '';
  it('runs to its end, and every fold has its members, seed, features and settings in the study', async () => {
    const { evaluationId, jobId } = await started(recipe);
    first = evaluationId;
    expect(await api['jobs.wait']({ jobId })).toMatchObject({ state: 'done', kind: 'learn' });
    const [summary] = await api['evaluations.list']({});
    expect(summary).toMatchObject({ id: evaluationId, state: 'done' });
    for (const { done, steps, refusal } of summary.parts) {
      expect(refusal).toBeNull();
      expect(done).toBe(steps);
    }
    const folds = await api['evaluations.folds']({ evaluationId, criterion: 'strict' });
    const fold = folds.find(({ model, variant }) => model === 'logistic' && variant === 'all');
    expect(fold).toMatchObject({
      settings: { c: expect.any(Number) as number },
      seed: expect.any(Number) as number,
    });
    expect(fold?.features.length).toBeGreaterThan(0);
    expect(fold?.selection?.path.length).toBeGreaterThan(0);
    const db = new Database(join(study, 'study.sqlite'), { readonly: true });
    const stored = db
      .prepare<[], { result: string }>(
        "SELECT result FROM evaluation_fold WHERE task LIKE 'all//0.0/logistic'",
      )
      .all();
    db.close();
    expect(stored).toHaveLength(2);
    const { trainRows, testRows, innerFolds } = JSON.parse(stored[0].result) as Record<string, number[]>;
    expect(trainRows.length + testRows.length).toBe(116);
    expect(innerFolds).toHaveLength(trainRows.length);
  });

  it('learns what is there: better than tool alone, intervals around it, curves with bands', async () => {
    const result = await api['evaluations.result']({ evaluationId: first, criterion: 'strict' });
    const of = (model: string, variant = 'all') =>
      result?.evaluations.find((e) => e.model === model && e.variant === variant);
    const logistic = of('logistic');
    expect(logistic?.metrics.auroc.pooled).toBeGreaterThan(0.8);
    expect(logistic?.metrics.auroc.pooled).toBeGreaterThan(of('method-only')?.metrics.auroc.pooled ?? 1);
    expect(logistic?.metrics.auroc.interval).not.toBeNull();
    expect(of('logistic', 'without-method')).toBeDefined();
    expect(result?.evaluations.filter((e) => e.variant === 'tool-out')).toHaveLength(6);
    for (const [i, place] of (logistic?.bands?.roc ?? []).entries()) {
      const x = i / 40;
      const above = logistic?.roc.findIndex((point) => point.x >= x) ?? 0;
      const height = logistic?.roc[above]?.y ?? 1;
      expect(place?.high ?? 1, `at ${x}`).toBeGreaterThanOrEqual((logistic?.roc[above - 1]?.y ?? 0) - 0.2);
      expect(place?.low ?? 0, `at ${x}`).toBeLessThanOrEqual(height + 0.2);
    }
    expect(result?.outdated).toBe(false);
  });

  it('opens the defacings behind a cell of the confusion table', async () => {
    const result = await api['evaluations.result']({ evaluationId: first, criterion: 'strict' });
    const logistic = result?.evaluations.find((e) => e.model === 'logistic' && e.variant === 'all');
    const items = await api['evaluations.items']({
      ...{ evaluationId: first, criterion: 'strict', model: 'logistic', variant: 'all' },
      cell: { label: 1, predicted: 0 },
    });
    expect(items).toHaveLength(logistic?.confusion.falseNegative ?? -1);
    for (const item of items) expect(item).toMatchObject({ label: 1, predicted: 0 });
    const { confusion } = logistic ?? {};
    const cells = Object.values<number>({ ...confusion });
    expect(cells.reduce((sum, n) => sum + n, 0)).toBe(116);
  });

  it('stopped half way goes on where it was and ends with the results of an undisturbed one', async () => {
    const { evaluationId, jobId } = await started(recipe);
    for await (const event of engine.events(AbortSignal.timeout(60_000)))
      if (event.kind === 'progress' && event.progress.done >= 8) break;
    await api['jobs.cancel']({ jobId });
    expect((await api['jobs.wait']({ jobId })).state).toBe('cancelled');
    const stopped = (await api['evaluations.list']({})).find(({ id }) => id === evaluationId);
    expect(stopped?.state).toBe('stopped');
    const before = stopped?.parts.reduce((sum, { done }) => sum + done, 0) ?? 0;
    expect(before).toBeGreaterThanOrEqual(8);
    // As after a crash: another process opens the study.
    await engine.close();
    await open();
    const again = await api['evaluations.resume']({ evaluationId });
    const seen: number[] = [];
    const watching = new AbortController();
    const watch = (async () => {
      for await (const event of engine.events(watching.signal))
        if (event.kind === 'progress') seen.push(event.progress.done);
    })();
    expect((await api['jobs.wait']({ jobId: again.jobId })).state).toBe('done');
    watching.abort();
    await watch;
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(before);
    for (const criterion of recipe.criteria)
      expect(await api['evaluations.result']({ evaluationId, criterion })).toEqual(
        await api['evaluations.result']({ evaluationId: first, criterion }),
      );
    await expect(api['evaluations.resume']({ evaluationId })).rejects.toMatchObject({
      code: 'evaluation-done',
    });
  });

  it('that can not be split keeps the reason; with no criterion left nothing is started', async () => {
    await expect(started({ ...recipe, outerFolds: 20, innerFolds: 20, seed: 3 })).rejects.toMatchObject({
      code: 'split-impossible',
      message: expect.stringMatching(/20 folds need/) as string,
    });
  });

  it('exports its tables, and is removed unless a model rests on it', async () => {
    const { files } = await api['evaluations.export']({ evaluationId: first });
    expect(files.map(({ name }) => name)).toEqual([
      ...['metrics_lenient.tsv', 'out-of-fold_lenient.tsv', 'folds_lenient.tsv', 'evaluation_lenient.json'],
      ...['metrics_strict.tsv', 'out-of-fold_strict.tsv', 'folds_strict.tsv', 'evaluation_strict.json'],
    ]);
    const folds = files[2].text.trim().split('\n');
    expect(folds[0].split('\t')).toHaveLength(folds[1].split('\t').length);
    const [newest] = await api['evaluations.list']({});
    await api['evaluations.remove']({ evaluationId: newest.id });
    expect((await api['evaluations.list']({})).map(({ id }) => id)).toEqual([first]);
  });

  it('keeps models with versions, a card, a file that loads, and one in use', async () => {
    const wanted = { evaluationId: first, criterion: 'strict' as const, model: 'logistic' as const };
    const one = await api['models.keep']({ ...wanted, variant: 'all', name: 'Line' });
    const two = await api['models.keep']({
      ...wanted,
      variant: 'without-method',
      name: 'Line without tools',
    });
    expect([one.version, two.version]).toEqual([1, 2]);
    expect(two.features.some((id) => id.startsWith('method_'))).toBe(false);
    const { card, html, file } = await api['models.card']({ modelId: one.id });
    expect(card).toMatchObject({ version: 1, criterion: 'strict', hash: one.hash, kind: { id: 'logistic' } });
    expect(card.evaluation.metrics.auroc.interval).not.toBeNull();
    expect(card.limits.length).toBeGreaterThan(2);
    expect(html).toContain(one.hash);
    expect(html).not.toMatch(/<script|https?:\/\/|anonym/i);
    expect(loadModel(file.text).hash).toBe(one.hash);
    await api['models.use']({ modelId: two.id, use: true });
    expect((await api['models.list']({})).map(({ version, inUse }) => [version, inUse])).toEqual([
      [2, true],
      [1, false],
    ]);
    const compared = await api['models.compare']({ first: one.id, second: two.id });
    expect(compared).toMatchObject({ items: 116, persons: 20 });
    expect(compared.auroc.interval?.low).toBeLessThanOrEqual(compared.auroc.difference ?? -1);
    await expect(api['evaluations.remove']({ evaluationId: first })).rejects.toMatchObject({
      code: 'evaluation-kept',
    });
  });

  it('explains one defacing in words, and scores those without a label too', async () => {
    const [model] = (await api['models.list']({})).filter(({ version }) => version === 1);
    const scores = await api['models.scores']({ modelId: model.id });
    expect(scores).toHaveLength(120);
    expect(scores.filter(({ label }) => label === null)).toHaveLength(4);
    const { explanation, sentences, probability } = await api['models.explain']({
      ...{ modelId: model.id, defacingId: scores[0].defacingId },
    });
    expect(probability).toBe(scores[0].probability);
    expect(explanation.method).toBe('exact');
    const sum = explanation.contributions.reduce((s, { contribution }) => s + contribution, explanation.base);
    expect(sum).toBeCloseTo(explanation.output, 9);
    expect(sentences[0]).toMatch(/under the strict criterion/);
  });

  it('refuses features of another version with the list, and a model edited by hand', async () => {
    await engine.close();
    const db = new Database(join(study, 'study.sqlite'));
    db.exec(
      "UPDATE feature SET version = 9 WHERE feature = 'ssim' AND defacing_id = (SELECT min(defacing_id) FROM imported_label)",
    );
    db.exec('DROP TRIGGER model_unchanged');
    db.exec(
      'UPDATE model SET content = replace(content, \'"threshold":0.\', \'"threshold":1.\') WHERE version = 2',
    );
    db.close();
    await open();
    const rows = await api['models.list']({});
    const byVersion = (wanted: number): string => rows.find(({ version }) => version === wanted)?.id ?? '';
    const scores = await api['models.scores']({ modelId: byVersion(1) });
    const problems = scores.filter(({ problem }) => problem !== null);
    expect(problems).toHaveLength(1);
    expect(problems[0].problem).toMatch(/ssim \(needs version 1, is 9\)/);
    await expect(api['models.card']({ modelId: byVersion(2) })).rejects.toMatchObject({ code: 'model-file' });
    const found = await api['lab.whatGoesIn']({
      ...{ criterion: 'strict', features: ['ssim'], method: true, outerFolds: 3, seed: 1 },
    });
    expect(found.leftOut.map(({ reason, items }) => `${items.length} ${reason}`).join()).toMatch(
      /1 A feature was measured by another version/,
    );
    const result = await api['evaluations.result']({ evaluationId: first, criterion: 'strict' });
    expect(result?.outdated).toBe(true);
  });
});
