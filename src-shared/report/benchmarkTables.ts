import type { LabelledItem, LabelledSingles, ScoredModel } from '../benchmark/labelledScores.ts';
import type { GroupRecall } from '../benchmark/recallByGroup.ts';
import { simulatedLabels, type ModelRow, type StudyResult } from '../benchmark/studyResult.ts';
import type { TriageProof } from '../benchmark/triageProof.ts';
import { metricNames } from '../model/metrics.ts';
import { tsv, type Cell } from './tsv.ts';

const round = (value: number | null | undefined, digits = 3): Cell =>
  value === null || value === undefined || Number.isNaN(value) ? null : Number(value.toFixed(digits));

/** What is scored of a labelled table: its items, models and single features. */
export interface LabelledScores {
  readonly items: readonly LabelledItem[];
  readonly leftOut: readonly { readonly mask: string; readonly reason: string }[];
  readonly models: readonly ScoredModel[];
  readonly singles: readonly LabelledSingles[];
}

/** Every table of the study as a file, each line saying what its labels are. */
export function benchmarkTsvs(result: StudyResult): Record<string, string> {
  const files: Record<string, string> = {
    'models.tsv': modelsTsv(result),
    'recall.tsv': recallTsv(result),
    'triage.tsv': triageTsv(result),
    'cut-points.tsv': marked(
      ['criterion', 'cut_points', 'insufficient', 'labels_changed', 'auroc', 'balanced_accuracy'],
      result.cutPoints.map((row) => [
        row.criterion,
        row.name,
        row.insufficient,
        row.changed,
        round(row.auroc),
        round(row.balancedAccuracy),
      ]),
    ),
    'single-features.tsv': marked(
      [
        'criterion',
        'feature',
        'insufficient_if',
        'auroc',
        'low',
        'high',
        'best_balanced_accuracy',
        'missing',
      ],
      result.singles.flatMap(({ criterion, singles }) =>
        singles.map((single) => [
          criterion,
          single.feature,
          single.insufficientIf,
          round(single.auroc),
          round(single.interval?.low),
          round(single.interval?.high),
          round(single.bestBalancedAccuracy),
          single.missing,
        ]),
      ),
    ),
  };
  if (result.labelled !== null) {
    files['labelled-models.tsv'] = labelledModelsTsv(result.labelled);
    files['labelled-scores.tsv'] = labelledScoresTsv(result.labelled);
  }
  return files;
}

const marked = (columns: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  tsv(
    [...columns, 'labels'],
    rows.map((row) => [...row, simulatedLabels]),
  );

function modelsTsv({ results }: StudyResult): string {
  return marked(
    ['criterion', 'feature_set', 'evaluation', 'model', 'items', 'persons'].concat(
      metricNames.flatMap((name) => [name, `${name}_sd`, `${name}_pooled`, `${name}_low`, `${name}_high`]),
    ),
    results.flatMap(({ criterion, set, rows, transfer }) =>
      [...rows, ...transfer].map((row) => [
        criterion,
        set,
        evaluationName(row),
        row.model,
        row.items,
        row.persons,
        ...metricNames.flatMap((name) => {
          const m = row.metrics[name];
          return [
            round(m.mean, 4),
            round(m.sd, 4),
            round(m.pooled, 4),
            round(m.interval?.low, 4),
            round(m.interval?.high, 4),
          ];
        }),
      ]),
    ),
  );
}

export const evaluationName = ({ variant, tool }: Pick<ModelRow, 'variant' | 'tool'>): string =>
  tool === null
    ? variant === 'all'
      ? 'with method flags'
      : 'without method flags'
    : tool.includes(' to ')
      ? `learned on ${tool.replace(' to ', ', tested on ')}`
      : `${tool} left out`;

function recallTsv({ results }: StudyResult): string {
  return marked(
    [
      'criterion',
      'feature_set',
      'model',
      'grouped_by',
      'group',
      'insufficient',
      'sensitivity',
      'adequate',
      'specificity',
    ],
    results.flatMap(({ criterion, set, recalls }) =>
      recalls.flatMap(({ model, byMechanism, byFailure, byDose, byVariant, byContrast }) =>
        (
          [
            ['mechanism', byMechanism],
            ['failure', byFailure],
            ['dose', byDose],
            ['scan', byVariant],
            ['contrast', byContrast],
          ] as const
        ).flatMap(([by, groups]: readonly [string, readonly GroupRecall[]]) =>
          groups.map(({ group, insufficient, sensitivity, adequate, specificity }) => [
            criterion,
            set,
            model,
            by,
            group,
            insufficient,
            round(sensitivity),
            adequate,
            round(specificity),
          ]),
        ),
      ),
    ),
  );
}

function triageTsv({ results }: StudyResult): string {
  const shares = [
    'coverage',
    'missed',
    'missedOnePerPerson',
    'escaped',
    'falseAlarms',
  ] as const satisfies readonly (keyof TriageProof)[];
  const columns = ['decided', 'missed', 'missed_one_per_person', 'escaped', 'false_alarms'];
  return marked(
    ['criterion', 'feature_set', 'model', 'mechanism_left_out', 'folds', 'folds_without_threshold'].concat(
      columns.flatMap((name) => [`${name}_k`, `${name}_n`, `${name}_at_most`]),
    ),
    results.flatMap(({ criterion, set, proofs }) =>
      proofs.map((proof) => [
        criterion,
        set,
        proof.model,
        proof.mechanism,
        proof.folds,
        proof.foldsWithoutThreshold,
        ...shares.flatMap((name) => [proof[name].k, proof[name].n, round(proof[name].bound)]),
      ]),
    ),
  );
}

/** One line a model and set of rows. The labels here are a person's. */
export function labelledModelsTsv({ models }: Pick<LabelledScores, 'models'>): string {
  return tsv(
    [
      'model',
      'criterion',
      'borderline_rows',
      'items',
      'insufficient',
      'balanced_accuracy',
      'auroc',
      'sensitivity',
      'specificity',
      'best_balanced_accuracy',
      'within_head_auroc',
      'trained_on',
    ],
    models.flatMap(({ name, criterion, results }) =>
      results.map(({ rows, items, insufficient, metrics, bestBalancedAccuracy, withinHeadAuroc }) => [
        name,
        criterion,
        rows,
        items,
        insufficient,
        round(metrics.balancedAccuracy),
        round(metrics.auroc),
        round(metrics.sensitivity),
        round(metrics.specificity),
        round(bestBalancedAccuracy),
        round(withinHeadAuroc),
        simulatedLabels,
      ]),
    ),
  );
}

/** One line a mask: the verdict, and every model's calibrated probability of insufficient and decision beside it. */
export function labelledScoresTsv({ items, models }: Pick<LabelledScores, 'items' | 'models'>): string {
  return tsv(
    ['head', 'mask', 'verdict', 'borderline'].concat(
      models.flatMap(({ name }) => [name, `${name}_decision`]),
    ),
    items.map(({ head, mask, verdict, borderline }, n) => [
      head,
      mask,
      verdict,
      borderline,
      ...models.flatMap(({ scores }): Cell[] => [
        round(scores[n].probability),
        scores[n].predicted === 1 ? 'insufficient' : 'adequate',
      ]),
    ]),
  );
}

const percent = (value: number | null): string => (value === null ? ' n/a' : value.toFixed(2).padStart(5));

/** What the terminal says of a labelled table. */
export function labelledSummary({ items, leftOut, models, singles }: LabelledScores): string {
  const lines = [
    `${String(items.length)} masks scored, ${String(leftOut.length)} left out. Verdicts by a person; the models learned from ${simulatedLabels}.`,
    '',
    'model'.padEnd(48) + 'rows'.padEnd(20) + 'bal.acc  AUROC  sens  spec',
  ];
  for (const { name, results } of models)
    for (const { rows, metrics, items: n } of results)
      lines.push(
        `${name.padEnd(48)}${`${rows} borderline, ${String(n)}`.padEnd(20)}${percent(metrics.balancedAccuracy)}  ${percent(metrics.auroc)} ${percent(metrics.sensitivity)} ${percent(metrics.specificity)}`,
      );
  lines.push('', 'Single features on the same rows (direction and threshold chosen there: upper bounds):');
  for (const { criterion, rows, singles: list } of singles)
    lines.push(
      `${criterion}, ${rows} borderline: ${list
        .slice(0, 5)
        .map(
          ({ feature, auroc, bestBalancedAccuracy }) =>
            `${feature} ${auroc.toFixed(2)}/${bestBalancedAccuracy.toFixed(2)}`,
        )
        .join(', ')}`,
    );
  return lines.join('\n');
}

/** What the terminal says of the study. */
export function studySummary(result: StudyResult): string {
  const { counts, heads, results, labelled } = result;
  const lines = [
    `${simulatedLabels}: ${String(counts.persons)} persons, ${String(counts.scans)} scans, ${String(counts.defacings)} defacings; verdicts ${[1, 2, 3].map((verdict) => `${String(verdict)}: ${String(counts.verdicts[verdict as 1 | 2 | 3])}`).join(', ')}.`,
    `Registration found ${String(heads.registered)} of ${String(counts.scans)} heads; ${heads.secondsPerScan.toFixed(1)} s a head with its four defacings.`,
    '',
    'criterion  features     evaluation            model          bal.acc (SD)   AUROC pooled [95 % CI]',
  ];
  for (const { criterion, set, rows } of results)
    for (const row of rows.filter(({ tool }) => tool === null)) {
      const { balancedAccuracy, auroc } = row.metrics;
      const interval =
        auroc.interval === null
          ? ''
          : ` [${auroc.interval.low.toFixed(2)}, ${auroc.interval.high.toFixed(2)}]`;
      lines.push(
        `${criterion.padEnd(11)}${set.padEnd(13)}${evaluationName(row).padEnd(22)}${row.model.padEnd(20)}${percent(balancedAccuracy.mean)} (${balancedAccuracy.sd?.toFixed(2) ?? 'n/a'})  ${percent(auroc.pooled)}${interval}`,
      );
    }
  if (labelled !== null) lines.push('', `${labelled.table}:`, labelledSummary(labelled));
  return lines.join('\n');
}
