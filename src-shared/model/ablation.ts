import { tsv } from '../report/tsv.ts';
import type { ModelEvaluation } from './assembleEvaluation.ts';
import { compareModels, type Difference, type OutOfFoldItem } from './compareModels.ts';
import { withColumns, type LearningTable } from './learningTable.ts';

/** Features that are left out together, to see what they were good for. */
export interface AblationGroup {
  readonly group: string;
  readonly features: readonly string[];
}

/** What a group of features adds to one model: on the same folds with it and without it. */
export interface AblationRow {
  readonly model: string;
  readonly group: string;
  readonly features: number;
  readonly items: number;
  readonly persons: number;
  /** `first` without the group, `second` with it; the difference is what it adds. */
  readonly auroc: Difference;
  readonly balancedAccuracy: Difference;
}

/** The table without some of its features; null where none would be left, or none of them is in it. */
export function withoutFeatures(table: LearningTable, ids: readonly string[]): LearningTable | null {
  const keep = [...table.features.keys()].filter((j) => !ids.includes(table.features[j].id));
  if (keep.length === 0 || keep.length === table.features.length) return null;
  return withColumns(table, keep);
}

/**
 * With minus without each group, and with minus without the flags of tools, for every model: out-of-fold items of the first
 * repeat, 95 % intervals with whole persons drawn with replacement. An interval that holds 0 shows no benefit.
 */
export function ablationRows(
  table: LearningTable,
  evaluations: readonly ModelEvaluation[],
  groups: readonly AblationGroup[],
  options: { draws: number; seed: number },
): AblationRow[] {
  const personOf = new Map(table.itemIds.map((item, row) => [item, table.persons[row]]));
  const present = new Set(table.features.map(({ id }) => id));
  const itemsOf = ({ outOfFold }: ModelEvaluation): OutOfFoldItem[] =>
    outOfFold
      .filter(({ repeat }) => repeat === 0)
      .map(({ item, label, probability, score, predicted }) => ({
        ...{ defacingId: item, person: personOf.get(item) ?? item, tool: '', contrast: '' },
        ...{ label: label === 1 ? 1 : 0, probability, score, predicted: predicted === 1 ? 1 : 0 },
      }));
  const flags = table.features.filter(({ id }) => id.startsWith('method_')).length;
  return evaluations.flatMap((without): AblationRow[] => {
    const group = without.variant === 'without-method' ? 'method' : without.group;
    const whole = evaluations.find(({ variant, model }) => variant === 'all' && model === without.model);
    if (group === undefined || whole === undefined) return [];
    const left = groups.find((each) => each.group === group);
    const { items, persons, auroc, balancedAccuracy } = compareModels(
      itemsOf(without),
      itemsOf(whole),
      options,
    );
    const features = left === undefined ? flags : left.features.filter((id) => present.has(id)).length;
    return [{ model: without.model, group, features, items, persons, auroc, balancedAccuracy }];
  });
}

/** One line a model and group, tab-separated. */
export function ablationTsv(rows: readonly AblationRow[]): string {
  const parts = ({ first, second, difference, interval }: Difference): (number | null)[] => [
    ...[first, second, difference],
    ...[interval?.low ?? null, interval?.high ?? null],
  ];
  const columns = ['auroc', 'balanced_accuracy'].flatMap((name) =>
    ['without', 'with', 'difference', 'low', 'high'].map((part) => `${name}_${part}`),
  );
  return tsv(
    ['model', 'group', 'features', 'items', 'persons', ...columns],
    rows.map((row) => [
      ...[row.model, row.group, row.features, row.items, row.persons],
      ...parts(row.auroc),
      ...parts(row.balancedAccuracy),
    ]),
  );
}
