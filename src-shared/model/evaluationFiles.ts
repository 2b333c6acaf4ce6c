import { tsv } from '../report/tsv.ts';
import type { EvaluationResult } from './assembleEvaluation.ts';
import { ablationTsv } from './ablation.ts';
import { metricsTsv, outOfFoldTsv, variantName } from './evaluationReport.ts';
import type { Recipe } from './presets.ts';
import type { StudyData } from './studyTable.ts';

/** Every fold with its seed, settings, features and the names of the items tested, tab-separated. */
export function foldsTsv({ evaluations }: EvaluationResult, itemIds: readonly string[]): string {
  const columns = [
    ...['model', 'variant', 'tool_out', 'repeat', 'fold', 'seed', 'train_items', 'test_items', 'auroc'],
    ...['balanced_accuracy', 'threshold', 'settings', 'features', 'tested'],
  ];
  const rows = evaluations.flatMap((evaluation) =>
    evaluation.folds.map((fold) => [
      ...[fold.model, variantName(fold), fold.tool, fold.repeat, fold.fold, fold.seed],
      ...[fold.trainRows.length, fold.testRows.length, fold.metrics.auroc, fold.metrics.balancedAccuracy],
      ...[fold.threshold, JSON.stringify(fold.settings), fold.features.join(' ')],
      JSON.stringify(fold.testRows.map((row) => itemIds[row])),
    ]),
  );
  return tsv(columns, rows);
}

/** An evaluation as files: metrics, out-of-fold scores, every fold with its settings and features, and all of it as JSON. */
export function evaluationFiles(
  criterion: string,
  recipe: Recipe,
  { result, data }: { result: EvaluationResult; data: StudyData },
): { name: string; text: string }[] {
  return [
    { name: `metrics_${criterion}.tsv`, text: metricsTsv(result) },
    { name: `out-of-fold_${criterion}.tsv`, text: outOfFoldTsv(result) },
    { name: `folds_${criterion}.tsv`, text: foldsTsv(result, data.table.itemIds) },
    ...(result.ablation === undefined
      ? []
      : [{ name: `ablation_${criterion}.tsv`, text: ablationTsv(result.ablation) }]),
    {
      name: `evaluation_${criterion}.json`,
      text: `${JSON.stringify({ recipe, leftOut: data.leftOut, leftOutFeatures: data.leftOutFeatures, ...result })}\n`,
    },
  ];
}
