import { describe, expect, it } from 'vitest';
import { ablationTsv } from '../../../src-shared/model/ablation.ts';
import { assembleEvaluation } from '../../../src-shared/model/assembleEvaluation.ts';
import { evaluationSummary } from '../../../src-shared/model/evaluationReport.ts';
import { defaultEvaluation, type EvaluationSettings } from '../../../src-shared/model/evaluationSettings.ts';
import { planEvaluation, runTask } from '../../../src-shared/model/evaluationTask.ts';
import type { LearningTable } from '../../../src-shared/model/learningTable.ts';
import { presets, settingsOf } from '../../../src-shared/model/presets.ts';
import { groupsOf, idsOfGroup } from '../../../src-shared/predictors/featureGroups.ts';
import { seededRandom } from '../../../src-shared/stats/random.ts';

/** 40 persons with 4 items: the label follows from `signal` and a little from `ssim`; `noise` and `age` tell nothing. */
function table(): LearningTable {
  const random = seededRandom(3, 'ablation');
  const names = ['ssim', 'texture_mean', 'iq_cjv', 'age_years'];
  const rows = 160;
  const values = new Float64Array(rows * names.length);
  const labels = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) {
    const row = names.map(() => random.normal());
    labels[i] = 2.5 * row[1] + 0.8 * row[0] + 0.5 * random.normal() > 0 ? 1 : 0;
    values.set(row, i * names.length);
  }
  return {
    itemIds: Array.from({ length: rows }, (_, i) => `item ${i}`),
    features: names.map((id) => ({ id, version: 1, block: null })),
    x: { rows, columns: names.length, values },
    labels,
    persons: Array.from({ length: rows }, (_, i) => `person ${i >> 2}`),
    tools: null,
  };
}

const plain: EvaluationSettings = {
  ...defaultEvaluation,
  ...{ models: ['logistic'], outerFolds: 4, innerFolds: 2, selection: null, bootstrapDraws: 400 },
};
const settings: EvaluationSettings = {
  ...plain,
  ablation: groupsOf(['ssim', 'texture_mean', 'iq_cjv', 'age_years']),
};

describe('what groups of features add', () => {
  const data = table();
  const plan = planEvaluation(data, settings);
  const result = assembleEvaluation(data, plan, plan.tasks.map(runTask));
  const rows = result.ablation ?? [];

  it('is worked out for each group on the very folds of all features', () => {
    expect(rows.map(({ group }) => group)).toEqual(['paper', 'image-quality', 'texture', 'about-scan']);
    const all = plan.tasks.filter(({ variant, model }) => variant === 'all' && model === 'logistic');
    for (const { group } of rows) {
      const own = plan.tasks.filter((task) => task.group === group);
      expect(own.map(({ trainRows, testRows, seed }) => ({ trainRows, testRows, seed }))).toEqual(
        all.map(({ trainRows, testRows, seed }) => ({ trainRows, testRows, seed })),
      );
    }
  });

  it('is much where the label follows from the group, and not told from nothing where it does not', () => {
    const of = (wanted: string) => rows.find(({ group }) => group === wanted);
    expect(of('texture')?.auroc.interval?.low).toBeGreaterThan(0.1);
    expect(of('texture')?.balancedAccuracy.difference).toBeGreaterThan(0.1);
    for (const group of ['image-quality', 'about-scan']) {
      expect(of(group)?.auroc.interval?.low, group).toBeLessThanOrEqual(0);
      expect(Math.abs(of(group)?.auroc.difference ?? 1), group).toBeLessThan(0.03);
    }
    const whole = result.evaluations.find(({ variant, model }) => variant === 'all' && model === 'logistic');
    for (const { auroc } of rows) expect(auroc.second).toBeCloseTo(whole?.metrics.auroc.pooled ?? NaN, 12);
  });

  it('stands in the table for the terminal and in a file', () => {
    expect(evaluationSummary(result)).toMatch(/logistic\s+texture\s+1\s+\+\.?\d/);
    expect(ablationTsv(rows).split('\n')).toHaveLength(rows.length + 2);
  });

  it('leaves plans without it as they were', () => {
    const without = planEvaluation(data, plain);
    expect(without.tasks.every(({ group }) => group === undefined)).toBe(true);
    expect(without.tasks.map(({ id, seed }) => [id, seed])).toEqual(
      plan.tasks.filter(({ group }) => group === undefined).map(({ id, seed }) => [id, seed]),
    );
    expect(assembleEvaluation(data, without, without.tasks.map(runTask))).not.toHaveProperty('ablation');
  });

  it('says what can not be left out', () => {
    const only = planEvaluation(data, { ...settings, ablation: groupsOf(['ssim', 'texture_mean', 'iq_cjv', 'age_years']).map(({ group }) => ({ group, features: data.features.map(({ id }) => id) })) }); // prettier-ignore
    expect(only.tasks.some(({ variant }) => variant === 'without-group')).toBe(false);
    expect(only.notes.join(' ')).toContain('Nothing is compared without the group texture');
  });
});

describe('groups of features', () => {
  it('share out every feature once, and keep columns of other tables together', () => {
    const every = Object.values(idsOfGroup).flat();
    expect(new Set(every).size).toBe(every.length);
    expect(presets.everything.features.every((id) => every.includes(id))).toBe(true);
    expect(groupsOf(['my_column', 'ssim'])).toEqual([
      { group: 'paper', features: ['ssim'] },
      { group: 'other', features: ['my_column'] },
    ]);
  });

  it('are part of settings only where a recipe asks', () => {
    const recipe = {
      ...{ criteria: ['strict'] as const, features: ['ssim'], method: false, selection: false },
      ...{ models: ['cart'] as const, outerFolds: 3, innerFolds: 2, repeats: 1, seed: 1 },
      ...{ withoutMethod: false, leaveOneToolOut: false },
    };
    expect(settingsOf(recipe)).not.toHaveProperty('ablation');
    expect(settingsOf({ ...recipe, ablation: true }).ablation).toEqual([
      { group: 'paper', features: ['ssim'] },
    ]);
  });
});
