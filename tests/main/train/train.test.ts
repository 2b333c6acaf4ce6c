import { Command } from 'commander';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { registerTrain, train, type TrainOptions } from '../../../src-main/hosts/cli/train.ts';
import { loadModel } from '../../../src-shared/model/trainedModel.ts';
import { trainStudy } from '../../../src-main/hosts/cli/trainStudy.ts';
import { writeLearnableStudy } from '../../fixtures/learnableStudy.ts';
import { seededRandom } from '../../../src-shared/stats/random.ts';

let folder = '';
let table = '';
const options = (out: string): TrainOptions => ({
  label: ['strict', 'lenient'],
  group: 'person',
  tool: 'tool',
  models: ['logistic', 'boosting'],
  folds: 3,
  repeats: 1,
  seed: 4,
  workers: 2,
  selection: false,
  out: join(folder, out),
});
const quiet = (): void => undefined;
function withoutGroup(given: TrainOptions): TrainOptions {
  const rest = { ...given };
  delete rest.group;
  return rest;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'defaceqa-train-'));
  table = join(folder, 'table.csv');
  const random = seededRandom(2, 'table');
  let text = 'person,tool,strict,lenient,a,b\n';
  for (let i = 0; i < 90; i++) {
    const a = random.normal();
    const strict = a + random.normal() > 0 ? 1 : 0;
    text += `p${i % 30},t${i % 2},${strict},${strict === 1 && a > -0.5 ? 1 : 0},${a},${random.normal()}\n`;
  }
  await writeFile(table, text);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('defaceqa train', () => {
  it('evaluates both criteria in worker threads and leaves models that load', async () => {
    const result = await train(table, options('whole'), quiet);
    expect(Object.keys(result.criteria as object)).toEqual(['strict', 'lenient']);
    const strict = join(folder, 'whole', 'strict');
    const model = loadModel(await readFile(join(strict, 'models', 'logistic.json'), 'utf8'));
    expect(model.criterion).toBe('strict');
    // The other criterion is an answer and never a feature.
    expect(model.features.map((f) => f.id)).toEqual(['a', 'b', 'method_t0', 'method_t1']);
    expect(await readFile(join(strict, 'metrics.tsv'), 'utf8')).toContain('logistic\tall');
    // Every fold with its seed, settings, features and members; a card for each model.
    const [names, ...folds] = (await readFile(join(strict, 'folds.tsv'), 'utf8')).trim().split('\n');
    const tested = names.split('\t').indexOf('tested');
    const own = folds.map((line) => line.split('\t')).filter(([m, v]) => m === 'logistic' && v === 'all');
    expect(new Set(own.flatMap((cells) => JSON.parse(cells[tested]) as string[])).size).toBe(90);
    expect(new Set(own.map((cells) => cells[names.split('\t').indexOf('seed')])).size).toBe(3);
    const card = JSON.parse(await readFile(join(strict, 'models', 'card_boosting.json'), 'utf8')) as object;
    expect(card).toMatchObject({ criterion: 'strict', data: { items: 90, persons: 30 }, hash: expect.any(String) as string }); // prettier-ignore
    expect(await readFile(join(strict, 'models', 'card_boosting.html'), 'utf8')).toContain(
      'Gradient boosting',
    );
  });
  it('goes on after being stopped and ends with the same evaluation as an undisturbed run', async () => {
    const stop = new AbortController();
    await expect(
      train(table, options('stopped'), (done) => done === 9 && stop.abort(new Error('stopped')), stop.signal),
    ).rejects.toThrow('stopped');
    let first: number | null = null;
    await train(table, options('stopped'), (done) => (first ??= done));
    expect(first).toBeGreaterThan(9);
    for (const label of ['strict', 'lenient'])
      expect(await readFile(join(folder, 'stopped', label, 'evaluation.json'), 'utf8')).toBe(
        await readFile(join(folder, 'whole', label, 'evaluation.json'), 'utf8'),
      );
  });
  it('goes on after a kill in the middle of a line, which is done again', async () => {
    for (const label of ['strict', 'lenient']) {
      const lines = (await readFile(join(folder, 'whole', label, 'folds.jsonl'), 'utf8')).split('\n');
      await mkdir(join(folder, 'killed', label), { recursive: true });
      await writeFile(
        join(folder, 'killed', label, 'folds.jsonl'),
        `${lines.slice(0, 4).join('\n')}\n${lines[4].slice(0, 200)}`,
      );
    }
    let first: number | null = null;
    await train(table, options('killed'), (done) => (first ??= done));
    expect(first).toBe(5);
    for (const label of ['strict', 'lenient'])
      expect(await readFile(join(folder, 'killed', label, 'evaluation.json'), 'utf8')).toBe(
        await readFile(join(folder, 'whole', label, 'evaluation.json'), 'utf8'),
      );
  });
  it('says what groups of columns add, on a table', async () => {
    const wanted = { ...options('groups'), label: ['strict'], models: ['logistic' as const], ablation: true };
    const renamed = join(folder, 'renamed.csv');
    await writeFile(
      renamed,
      (await readFile(table, 'utf8')).replace('lenient,a,b', 'loose,texture_mean,iq_cjv'),
    );
    const result = await train(renamed, { ...wanted, features: ['texture_mean', 'iq_cjv'] }, quiet);
    const { ablation } = (result.criteria as Record<string, { ablation: { group: string; auroc: { difference: number } }[] }>).strict; // prettier-ignore
    const gain = (group: string): number =>
      ablation.find((row) => row.group === group)?.auroc.difference ?? NaN;
    expect(gain('texture')).toBeGreaterThan(0.15);
    expect(Math.abs(gain('image-quality'))).toBeLessThan(0.08);
    expect(await readFile(join(folder, 'groups', 'ablation.tsv'), 'utf8')).toContain(
      'logistic\ttexture\t1\t90\t30',
    );
  });
  it('does the same on a study, whose lab then shows the evaluation and the kept models', async () => {
    const study = join(folder, 'study');
    writeLearnableStudy(study, { persons: 14, scansPerPerson: 2 });
    const wanted = {
      ...{ ...options('of-study'), label: ['strict'], features: ['ssim', 'head_loss_pct', 'method'] },
      models: ['logistic' as const],
    };
    const stop = new AbortController();
    await expect(
      trainStudy(study, wanted, (done) => done >= 3 && stop.abort(new Error('stopped')), stop.signal),
    ).rejects.toThrow('stopped');
    let first: number | null = null;
    const result = await trainStudy(study, wanted, (done) => (first ??= done));
    expect(first).toBeGreaterThanOrEqual(3);
    expect(result.criteria).toMatchObject({
      strict: { items: 84, persons: 14, models: { logistic: { version: 1 } } },
    });
    const models = join(folder, 'of-study', 'models');
    expect(loadModel(await readFile(join(models, 'model_strict_v1.json'), 'utf8')).criterion).toBe('strict');
    expect(await readFile(join(models, 'card_strict_v1.html'), 'utf8')).toContain('Logistic regression');
    expect(await readFile(join(folder, 'of-study', 'metrics_strict.tsv'), 'utf8')).toContain('logistic\tall');
    await expect(trainStudy(study, { ...wanted, label: ['loose'] }, quiet)).rejects.toThrow(
      'strict and lenient',
    );
    await expect(train(table, withoutGroup(options('no-group')), quiet)).rejects.toThrow('column of persons');
  });
  it('answers bad input with a sentence, as JSON, and a failing exit code', async () => {
    const program = new Command().exitOverride();
    registerTrain(program);
    const lines: string[] = [];
    const write = vi
      .spyOn(process.stdout, 'write')
      .mockImplementation((text) => lines.push(String(text)) > 0);
    try {
      const out = join(folder, 'bad');
      const call = ['train', table, '--label', 'strict', '--out', out, '--json', '--group'];
      await program.parseAsync([...call, 'nobody'], { from: 'user' });
    } finally {
      write.mockRestore();
    }
    expect(process.exitCode).toBe(1);
    process.exitCode = 0;
    expect(JSON.parse(lines.join(''))).toMatchObject({ error: { code: 'table-unusable' } });
    expect(lines.join('')).toContain('There is no person column nobody');
  });
});
