import type { EvaluationResult } from './assembleEvaluation.ts';
import type { Variant } from './evaluationTask.ts';
import type { Difference } from './compareModels.ts';
import { metricNames } from './metrics.ts';

/** A variant in tables, with the group of features that was left out. */
export const variantName = ({ variant, group }: { variant: Variant; group?: string | undefined }): string =>
  group === undefined ? variant : `without ${group}`;

const number = (value: number | null, digits = 3): string => (value === null ? 'n/a' : value.toFixed(digits));

/** One line a model, variant and metric set, tab-separated: mean, SD, pooled value and interval of every metric. */
export function metricsTsv({ evaluations }: EvaluationResult): string {
  const header = ['model', 'variant', 'tool_out', 'items', 'persons'].concat(
    metricNames.flatMap((name) => [name, `${name}_sd`, `${name}_pooled`, `${name}_low`, `${name}_high`]),
  );
  const lines = evaluations.map((e) =>
    [e.model, variantName(e), e.tool ?? 'n/a', String(e.items), String(e.persons)].concat(
      metricNames.flatMap((name) => {
        const m = e.metrics[name];
        return [m.mean, m.sd, m.pooled, m.interval?.low ?? null, m.interval?.high ?? null].map((v) =>
          number(v, 4),
        );
      }),
    ),
  );
  return [header, ...lines].map((cells) => `${cells.join('\t')}\n`).join('');
}

/** Out-of-fold scores of every item, tab-separated. */
export function outOfFoldTsv({ evaluations }: EvaluationResult): string {
  let text = 'model\tvariant\ttool_out\titem\trepeat\tlabel\tscore\tprobability\tpredicted\n';
  for (const e of evaluations)
    for (const o of e.outOfFold)
      text += `${[e.model, variantName(e), e.tool ?? 'n/a', o.item, o.repeat, o.label, o.score, o.probability, o.predicted].join('\t')}\n`;
  return text;
}

/** A table for the terminal: mean (SD) over folds and pooled AUROC with its interval. */
export function evaluationSummary({ evaluations, ablation }: EvaluationResult): string {
  const rows = evaluations.map((e) => {
    const { balancedAccuracy, auroc, sensitivity, specificity } = e.metrics;
    const fold = (m: { mean: number | null; sd: number | null }): string =>
      `${number(m.mean, 2)} (${number(m.sd, 2)})`;
    const interval =
      auroc.interval === null ? '' : ` [${number(auroc.interval.low, 2)}, ${number(auroc.interval.high, 2)}]`;
    return [
      e.model,
      e.tool === null ? variantName(e) : `without ${e.tool}`,
      fold(balancedAccuracy),
      fold(sensitivity),
      fold(specificity),
      `${number(auroc.pooled, 2)}${interval}`,
    ];
  });
  const table = [
    ['model', 'features', 'balanced acc.', 'sensitivity', 'specificity', 'AUROC pooled [95 % CI]'],
    ...rows,
  ];
  if (ablation === undefined || ablation.length === 0) return aligned(table);
  const signed = (value: number | null): string =>
    value === null ? 'n/a' : `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;
  const gain = ({ difference, interval }: Difference): string =>
    interval === null
      ? signed(difference)
      : `${signed(difference)} [${signed(interval.low)}, ${signed(interval.high)}]`;
  const gains = ablation.map((row) => [
    ...[row.model, row.group, String(row.features), gain(row.auroc), gain(row.balancedAccuracy)],
  ]);
  const heading = ['model', 'group', 'features', 'AUROC, with minus without [95 % CI]', 'balanced acc.'];
  return `${aligned(table)}\n\nWhat groups of features add, on the same folds:\n${aligned([heading, ...gains])}`;
}

function aligned(table: readonly (readonly string[])[]): string {
  const widths = table[0].map((_, j) => Math.max(...table.map((row) => row[j].length)));
  return table
    .map((row) =>
      row
        .map((cell, j) => cell.padEnd(widths[j]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
