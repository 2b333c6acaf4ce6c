import { describe, expect, it } from 'vitest';
import { defaultEvaluation } from '../../../src-shared/model/evaluationSettings.ts';
import { scoreDefacing } from '../../../src-shared/model/scoreDefacing.ts';
import { trainModel } from '../../../src-shared/model/trainedModel.ts';
import { studyTable, type StudyItem } from '../../../src-shared/model/studyTable.ts';
import { whatGoesIn } from '../../../src-shared/model/whatGoesIn.ts';

/** Twelve persons with two defacings; age is known for `aged` of them, sex for three. */
const items = (aged: number): StudyItem[] =>
  Array.from({ length: 24 }, (_, i) => {
    const person = i >> 1;
    const value = (feature: string, known: number | null) => ({
      ...{ feature, version: 1, value: known },
      reason: known === null ? 'It is not known.' : null,
    });
    return {
      ...{ defacingId: `d${i}`, person: `p${person}`, tool: i % 2 === 0 ? 'a' : 'b', contrast: 'T1w' },
      features: [
        value('ssim', 0.8 + i / 200),
        value('age_years', person < aged ? 30 + person : null),
        value('age_unknown', person < aged ? 0 : 1),
        value('sex_female', person < 3 ? person % 2 : null),
        value('texture_mean', null),
      ],
      ...{ label: i % 3 === 0 ? 1 : 0, reason: null },
    };
  });
const ids = ['ssim', 'age_years', 'age_unknown', 'sex_female', 'texture_mean'];
const choice = { features: ids.map((id) => ({ id, version: 1 })), method: false };

describe('a model that reads predictors', () => {
  const { table } = studyTable(items(8), choice);
  const model = trainModel(
    { ...table, persons: table.itemIds },
    'cart',
    { ...defaultEvaluation, innerFolds: 2, selection: null },
    { criterion: 'strict', softwareVersion: 'test' },
  );
  const [first] = items(8);

  it('fills what is not known, and says so', () => {
    const features = first.features.map((each) =>
      each.feature === 'age_years' ? { ...each, value: null, reason: 'It is not known.' } : each,
    );
    const { probability, outside } = scoreDefacing(model, { ...first, features });
    expect(probability).toBeGreaterThanOrEqual(0);
    expect(outside.missing).toEqual(['age_years']);
  });

  it('refuses a defacing of which they were not measured, or by another version, with the list', () => {
    const features = first.features
      .filter(({ feature }) => feature !== 'age_years')
      .map((each) => (each.feature === 'ssim' ? { ...each, version: 2 } : each));
    expect(() => scoreDefacing(model, { ...first, features })).toThrow(
      expect.objectContaining({
        code: 'feature-versions',
        message: expect.stringMatching(/ssim \(needs version 1, is 2\), age_years \(needs version 1, missing\)/) as string, // prettier-ignore
      }) as Error,
    );
  });
});

describe('what is not known of a scan', () => {
  it('stays missing in the table, to be filled inside the folds, with its flag beside it', () => {
    const data = studyTable(items(8), choice);
    expect(data.table.features.map(({ id }) => id)).toEqual(['ssim', 'age_years', 'age_unknown']);
    const ages = Array.from({ length: 24 }, (_, i) => data.table.x.values[i * 3 + 1]);
    expect(ages.filter(Number.isNaN)).toHaveLength(8);
    expect(ages.slice(0, 4)).toEqual([30, 30, 31, 31]);
    const { features } = whatGoesIn(data, { folds: 3, seed: 1 });
    expect(features.find(({ id }) => id === 'age_years')?.missing).toBe(8);
  });

  it('leaves a feature out, with the reason, where few or none have a value', () => {
    const { leftOutFeatures } = studyTable(items(8), choice);
    expect(Object.fromEntries(leftOutFeatures.map(({ feature, reason }) => [feature, reason]))).toEqual({
      sex_female: 'It has values for 3 of 12 persons only, too few to fill the rest by.',
      texture_mean: 'It has no values.',
    });
  });

  it('needs no flag where everybody is known', () => {
    const { leftOutFeatures } = studyTable(items(12), choice);
    expect(leftOutFeatures.find(({ feature }) => feature === 'age_unknown')?.reason).toContain(
      'same for every',
    );
  });

  it('has one-hot columns that count as one thing', () => {
    const blocks = studyTable(items(8), {
      features: [
        { id: 'ssim', version: 1 },
        { id: 'age_unknown', version: 1, block: 'age' },
      ],
      method: true,
    });
    expect(blocks.table.features.map(({ block }) => block)).toEqual([null, 'age', 'method', 'method']);
  });
});
