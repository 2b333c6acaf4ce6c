import type { LabelledResult, StudyResult } from '../benchmark/studyResult.ts';
import type { ScoredModel } from '../benchmark/labelledScores.ts';
import { models, type ModelId } from '../model/models.ts';

const two = (value: number | null | undefined): string =>
  value === null || value === undefined || Number.isNaN(value) ? 'n/a' : value.toFixed(2);

interface Line {
  readonly simulated: number | null;
  readonly withinScans: number | null;
  readonly comparable: number | null;
  readonly labelled: ScoredModel;
}

const modelIn = (name: string): ModelId | undefined =>
  (Object.keys(models) as ModelId[]).find((id) => name.endsWith(`_${id}`));

/** The method-free lenient models of one feature set in both sets. */
function linesOf(
  result: StudyResult,
  labelled: LabelledResult,
  set: string,
): { model: ModelId; line: Line }[] {
  const found = result.results.find((each) => each.criterion === 'lenient' && each.set === set);
  return labelled.models.flatMap((scored) => {
    const model = modelIn(scored.name);
    if (model === undefined || scored.criterion !== 'lenient' || scored.readsMethod) return [];
    if (!scored.name.includes(`_${set}_`)) return [];
    const ranking = found?.rankings.find((row) => row.model === model && row.variant === 'without-method');
    return [
      {
        model,
        line: {
          simulated: ranking?.auroc ?? null,
          withinScans: ranking?.withinScanAuroc ?? null,
          comparable: ranking?.comparable.auroc ?? null,
          labelled: scored,
        },
      },
    ];
  });
}

/**
 * The gap between the simulated and the labelled set, taken apart in sentences: what of it is ranking, what the threshold,
 * what differences between heads, what the kinds of failure. Computed, so it holds for any labelled table.
 */
export function gapInWords(result: StudyResult, labelled: LabelledResult): string[] {
  const sentences: string[] = [];
  for (const [set, title] of [
    ['paper-8', "the paper's features"],
    ['everything', 'all features'],
  ]) {
    for (const { model, line } of linesOf(result, labelled, set)) {
      const [clear, whole] = line.labelled.results;
      sentences.push(
        `${models[model].title} on ${title}, lenient, without method flags: AUROC ${two(line.simulated)} on simulated persons never learned from (${two(line.comparable)} on the simulated planes and template masks that resemble the labelled ones; ${two(line.withinScans)} when only defacings of one scan are compared), ${two(clear.metrics.auroc)} on the labelled set without and ${two(whole.metrics.auroc)} with its borderline rows (${two(clear.withinHeadAuroc)} and ${two(whole.withinHeadAuroc)} within heads). Balanced accuracy at the model's own threshold ${two(clear.metrics.balancedAccuracy)} and ${two(whole.metrics.balancedAccuracy)}; the best threshold there would reach ${two(clear.bestBalancedAccuracy)} and ${two(whole.bestBalancedAccuracy)}.`,
      );
    }
  }
  for (const { criterion, rows, singles } of labelled.singles) {
    if (criterion !== 'lenient') continue;
    const best = singles
      .slice(0, 3)
      .map(
        ({ feature, auroc, bestBalancedAccuracy }) =>
          `${feature} ${two(auroc)} (${two(bestBalancedAccuracy)})`,
      );
    sentences.push(
      `Single features on the labelled set, lenient, ${rows} borderline rows, AUROC and best balanced accuracy there: ${best.join(', ')}.`,
    );
  }
  const shifted = labelled.shift.filter(({ outsideShare }) => outsideShare > 0.1);
  if (shifted.length > 0) {
    sentences.push(
      `Values no simulated defacing has: ${shifted.map(({ feature, outsideShare }) => `${feature} in ${(100 * outsideShare).toFixed(0)} % of the labelled rows`).join(', ')}. There the models are asked about something they have not seen.`,
    );
  }
  return sentences;
}
