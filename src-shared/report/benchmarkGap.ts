import type { LabelledMetrics } from '../benchmark/labelledScores.ts';
import type { LabelledResult, StudyResult } from '../benchmark/studyResult.ts';
import { models, type ModelId } from '../model/models.ts';

/** One lenient, method-free model in both sets. */
export interface GapRow {
  readonly model: ModelId;
  readonly set: string;
  /** AUROC out of fold: on all, on those like the labelled ones, and within scans. */
  readonly simulated: number | null;
  readonly comparable: number | null;
  readonly withinScans: number | null;
  /** Without and with borderline rows. */
  readonly clear: LabelledMetrics;
  readonly whole: LabelledMetrics;
}

/** The lenient models without method flags, which can be held against masks of unknown origin. */
export function gapRows(result: StudyResult, labelled: LabelledResult): GapRow[] {
  return result.results
    .filter(({ criterion }) => criterion === 'lenient')
    .flatMap(({ set, rankings }) =>
      labelled.models.flatMap(({ name, criterion, results: [clear, whole] }): GapRow[] => {
        const model = (Object.keys(models) as ModelId[]).find((id) => name.endsWith(`_${id}`));
        if (model === undefined || criterion !== 'lenient') return [];
        if (!name.includes(`_${set}_method-free_`)) return [];
        const ranking = rankings.find((row) => row.model === model && row.variant === 'without-method');
        return [
          {
            model,
            set,
            simulated: ranking?.auroc ?? null,
            comparable: ranking?.comparable.auroc ?? null,
            withinScans: ranking?.withinScanAuroc ?? null,
            clear,
            whole,
          },
        ];
      }),
    );
}

const mean = (values: readonly (number | null | undefined)[]): number | null => {
  const known = values.filter((value) => value !== null && value !== undefined);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
};
const two = (value: number | null): string => (value === null ? 'n/a' : value.toFixed(2));

/**
 * Where the gap between the simulated and the labelled set comes from, in sentences: ranking, threshold, borderline rows,
 * differences between heads, values never seen. Computed, so it holds for any labelled table.
 */
export function gapInWords(result: StudyResult, labelled: LabelledResult): string[] {
  const rows = gapRows(result, labelled);
  const sentences: string[] = [];
  for (const [set, title] of [
    ['paper-8', "the paper's features"],
    ['everything', 'everything measured'],
  ]) {
    const own = rows.filter((row) => row.set === set);
    if (own.length === 0) continue;
    const ranked = mean(own.map(({ clear }) => clear.metrics.auroc));
    const decided = mean(own.map(({ clear }) => clear.metrics.balancedAccuracy));
    const best = mean(own.map(({ clear }) => clear.bestBalancedAccuracy));
    sentences.push(
      `With ${title} (mean of ${String(own.length)} lenient models without method flags) the AUROC is ${two(mean(own.map(({ simulated }) => simulated)))} on simulated persons never learned from, ${two(ranked)} on the labelled set without and ${two(mean(own.map(({ whole }) => whole.metrics.auroc)))} with its borderline rows, ${two(mean(own.map(({ clear }) => clear.withinHeadAuroc)))} and ${two(mean(own.map(({ whole }) => whole.withinHeadAuroc)))} when only masks of one head are compared.`,
      `At the thresholds learned from simulated labels the balanced accuracy is ${two(decided)} (sensitivity ${two(mean(own.map(({ clear }) => clear.metrics.sensitivity)))}, specificity ${two(mean(own.map(({ clear }) => clear.metrics.specificity)))}); the best threshold on the labelled rows would reach ${two(best)}: ${two(best === null || decided === null ? null : best - decided)} of what is missing lies in the threshold, not in the order.`,
    );
  }
  for (const { criterion, rows: which, singles } of labelled.singles) {
    if (criterion !== 'lenient') continue;
    const named = singles
      .filter(({ feature }, n) => n < 3 || ['rmse', 'ssim', 'head_loss_pct'].includes(feature))
      .map(
        ({ feature, auroc, bestBalancedAccuracy }) =>
          `${feature} ${two(auroc)} (${two(bestBalancedAccuracy)})`,
      );
    sentences.push(
      `Single features on the labelled set, ${which} borderline rows, AUROC and best balanced accuracy there: ${named.join(', ')}.`,
    );
  }
  const shifted = labelled.shift.filter(({ outsideShare }) => outsideShare > 0.1);
  if (shifted.length > 0)
    sentences.push(
      `Values that no simulated defacing has: ${shifted.map(({ feature, outsideShare }) => `${feature} in ${(100 * outsideShare).toFixed(0)} % of the labelled rows`).join(', ')}. There the models are asked about something they have not seen.`,
    );
  return sentences;
}
