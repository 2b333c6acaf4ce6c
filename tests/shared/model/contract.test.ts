import { describe, expect, it } from 'vitest';
import { defaultEvaluation } from '../../../src-shared/model/evaluationSettings.ts';
import { explain } from '../../../src-shared/model/explain.ts';
import type { LearningTable } from '../../../src-shared/model/learningTable.ts';
import { matrixFrom } from '../../../src-shared/model/matrix.ts';
import { auroc } from '../../../src-shared/model/metrics.ts';
import { modelIds, models, type ModelSettings } from '../../../src-shared/model/models.ts';
import { surrogateTree } from '../../../src-shared/model/surrogate.ts';
import { loadModel, predictTrained, saveModel, trainModel } from '../../../src-shared/model/trainedModel.ts';
import { seededRandom } from '../../../src-shared/stats/random.ts';

/** 120 items of 30 persons; the first feature tells the label most of the time, the last two are noise. */
function sample(): LearningTable {
  const random = seededRandom(5, 'contract');
  const labels: number[] = [];
  const rows = Array.from({ length: 120 }, () => {
    const label = random.next() < 0.45 ? 1 : 0;
    labels.push(label);
    return [random.normal() + 2 * label, random.normal() - label, random.normal(), random.normal()];
  });
  return {
    itemIds: rows.map((_, i) => `i${i}`),
    features: ['a', 'b', 'c', 'd'].map((id) => ({ id, version: 1, block: null })),
    x: matrixFrom(rows),
    labels: Uint8Array.from(labels),
    persons: rows.map((_, i) => `p${i % 30}`),
    tools: null,
  };
}
const table = sample();
const input = { x: table.x, y: table.labels };
const quick: Record<string, ModelSettings> = {
  // Leaves of single rows have a share of 0 or 1 whatever the weights.
  forest: { trees: 20, minLeafRows: 8 },
  boosting: { rounds: 20, subsample: 0.8, columnsPerTree: 0.7 },
  mlp: { maxEpochs: 60, learningRate: 0.01 },
};
const settings = { ...defaultEvaluation, selection: null, innerFolds: 3 };

describe.each(modelIds)('%s keeps the contract of all models', (id) => {
  const kind = models[id];
  const mine = quick[id] ?? {};
  it('learns what is there', () => {
    expect(auroc(table.labels, kind.predict(kind.fit(input, mine, 1), table.x))).toBeGreaterThan(0.85);
  });
  it('gives the same answer for the same seed and leaves its inputs untouched', () => {
    const x = table.x.values.slice();
    const y = table.labels.slice();
    expect(kind.fit(input, mine, 7)).toEqual(kind.fit(input, mine, 7));
    expect(table.x.values).toEqual(x);
    expect(table.labels).toEqual(y);
  });
  it('answers probabilities from 0 to 1, none for no rows', () => {
    const fitted = kind.fit(input, mine, 1);
    for (const p of kind.predict(fitted, table.x)) expect(p >= 0 && p <= 1).toBe(true);
    expect(kind.predict(fitted, matrixFrom([], 4))).toHaveLength(0);
  });
  it('moves with class weights and forgets rows of weight zero', () => {
    const mean = (classWeight: readonly [number, number]): number => {
      const p = kind.predict(kind.fit(input, { ...mine, classWeight }, 1), table.x);
      return p.reduce((sum, value) => sum + value, 0) / p.length;
    };
    expect(mean([1, 8])).toBeGreaterThan(mean([8, 1]) + 0.01);
    // Half of the rows have their labels turned round and weight 0: they must not be learned.
    const turned = Uint8Array.from(table.labels, (label, i) => (i % 2 === 0 ? label : 1 - label));
    const weights = Float64Array.from(turned, (_, i) => (i % 2 === 0 ? 1 : 0));
    const found = kind.predict(kind.fit({ x: table.x, y: turned, weights }, mine, 1), table.x);
    expect(auroc(table.labels, found)).toBeGreaterThan(0.8);
  });
  it('refuses NaN, one class, zero rows, wrong lengths and unknown settings with a sentence', () => {
    const values = table.x.values.slice();
    values[5] = Number.NaN;
    const bad = [
      { ...input, x: { ...table.x, values } },
      { ...input, y: new Uint8Array(120) },
      { x: matrixFrom([], 4), y: new Uint8Array(0) },
      { ...input, y: table.labels.slice(1) },
      { ...input, weights: new Float64Array(3) },
    ];
    for (const each of bad)
      expect(() => kind.fit(each, mine, 1)).toThrow(expect.objectContaining({ code: 'model-input' }));
    expect(() => kind.fit(input, { treees: 3 }, 1)).toThrow(
      expect.objectContaining({ code: 'model-settings' }),
    );
    const fitted = kind.fit(input, mine, 1);
    expect(() => kind.predict(fitted, matrixFrom([[1, 2, 3]]))).toThrow('needs 4 features');
    expect(() => kind.predict(fitted, matrixFrom([[1, 2, 3, Number.NaN]]))).toThrow('missing');
  });

  const saved = trainModel(
    table,
    id,
    { ...settings, grids: { [id]: [mine] } },
    { criterion: 'strict', softwareVersion: '0' },
  );
  it('predicts bit for bit the same after saving and loading', () => {
    const loaded = loadModel(saveModel(saved));
    expect(predictTrained(loaded, table.features, table.x)).toEqual(
      predictTrained(saved, table.features, table.x),
    );
  });
  it('is refused when one digit of its file was changed, or the file is something else', () => {
    const text = saveModel(saved);
    const edited = text.replace(
      /"threshold":0\.(\d)/,
      (_, digit) => `"threshold":0.${(Number(digit) + 1) % 10}`,
    );
    expect(edited).not.toBe(text);
    for (const other of [edited, 'no json', '{}', text.replace('"formatVersion":1', '"formatVersion":2')])
      expect(() => loadModel(other)).toThrow(expect.objectContaining({ code: 'model-file' }));
  });
  it('lists the features that are missing or of another version', () => {
    const other = table.features
      .map((f) => (f.id === 'b' ? { ...f, version: 2 } : f))
      .filter((f) => f.id !== 'd');
    expect(() => predictTrained(saved, other, { ...table.x, columns: 3 })).toThrow(
      /b \(needs version 1, is 2\), d \(needs version 1, missing\)/,
    );
  });
  it('explains an item: contributions add up where they are exact, and the informative feature comes first', () => {
    const row = matrixFrom([[4, -2, 0, 0]]);
    const found = explain(saved, table.features, row);
    expect(found.contributions[0].feature).toBe('a');
    expect(found.contributions[0].contribution).toBeGreaterThan(0);
    const [score] = predictTrained(saved, table.features, row).scores;
    if (found.method !== 'replacement') {
      const total = found.contributions.reduce((sum, c) => sum + c.contribution, found.base);
      expect(found.unit === 'probability' ? total : 1 / (1 + Math.exp(-total))).toBeCloseTo(score, 9);
    }
  });
});

it('stops boosting and the network early on held-back persons', () => {
  const random = seededRandom(3, 'noise');
  const noise = {
    x: { rows: 200, columns: 5, values: Float64Array.from({ length: 1000 }, () => random.normal()) },
  };
  const y = Uint8Array.from({ length: 200 }, () => (random.next() < 0.5 ? 1 : 0));
  const persons = Int32Array.from({ length: 200 }, (_, i) => i % 50);
  const all = models.boosting.fit({ ...noise, y, persons }, { rounds: 200 }, 1);
  const early = models.boosting.fit({ ...noise, y, persons }, { rounds: 200, earlyStoppingRounds: 10 }, 1);
  const trees = (fitted: typeof all): number => (fitted.kind === 'boosting' ? fitted.trees.roots.length : -1);
  expect(trees(all)).toBe(200);
  expect(trees(early)).toBeLessThan(50);
  const memorised = models.mlp.fit({ ...noise, y, persons }, { maxEpochs: 400, learningRate: 0.02 }, 1);
  const careful = models.mlp.fit(
    { ...noise, y, persons },
    { maxEpochs: 400, learningRate: 0.02, earlyStopping: true },
    1,
  );
  expect(auroc(y, models.mlp.predict(careful, noise.x))).toBeLessThan(
    auroc(y, models.mlp.predict(memorised, noise.x)),
  );
});

it('tells a forest by a shallow tree in the units of the features', () => {
  const forest = trainModel(
    table,
    'forest',
    { ...settings, grids: { forest: [{ trees: 20, minLeafRows: 8 }] } },
    {
      criterion: 'strict',
      softwareVersion: '0',
    },
  );
  const found = surrogateTree(forest, table.features, table.x);
  expect(found?.fidelity).toBeGreaterThan(0.9);
  expect(found?.rules[0]).toMatch(/^[ab] < -?\d/);
});
