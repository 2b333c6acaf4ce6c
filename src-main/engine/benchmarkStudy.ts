import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import {
  planBenchmark,
  type BenchmarkPlan,
  type BenchmarkSettings,
} from '../../src-shared/benchmark/benchmarkPlan.ts';
import { benchmarkTable, featureSets } from '../../src-shared/benchmark/benchmarkTable.ts';
import { failureTitles } from '../../src-shared/benchmark/failures.ts';
import { featureShifts } from '../../src-shared/benchmark/featureShifts.ts';
import { borderlineSets, labelledSingles, scoreLabelled } from '../../src-shared/benchmark/labelledScores.ts';
import {
  labelOfTruth,
  type MeasuredItem,
  type MeasuredScan,
} from '../../src-shared/benchmark/measuredItem.ts';
import { mechanisms } from '../../src-shared/benchmark/mechanisms.ts';
import { cutPointVariants } from '../../src-shared/benchmark/regionTruth.ts';
import { singleFeatures } from '../../src-shared/benchmark/singleFeatures.ts';
import {
  rankingsOf,
  recallsOf,
  simulatedLabels,
  verdictCounts,
  type CriterionResult,
  type CutPointRow,
  type LabelledResult,
  type ModelRow,
  type StudyResult,
} from '../../src-shared/benchmark/studyResult.ts';
import { planTransfer } from '../../src-shared/benchmark/transferPlan.ts';
import { triageProofs } from '../../src-shared/benchmark/triageProof.ts';
import { features as measurements } from '../../src-shared/features/features.ts';
import type { ModelEvaluation } from '../../src-shared/model/assembleEvaluation.ts';
import { defaultEvaluation, type EvaluationSettings } from '../../src-shared/model/evaluationSettings.ts';
import { planEvaluation, type EvaluationPlan } from '../../src-shared/model/evaluationTask.ts';
import { withoutMethod, type LearningTable } from '../../src-shared/model/learningTable.ts';
import type { ModelId } from '../../src-shared/model/models.ts';
import { saveModel, type TrainedModel } from '../../src-shared/model/trainedModel.ts';
import { criteria, type Criterion } from '../../src-shared/rating/verdict.ts';
import type { RemovalItem } from '../files/readRemovalTable.ts';
import { writeFileWhole } from '../files/writeFile.ts';
import type { FinalModel } from '../workers/tasks/train.ts';
import { evaluateInThreads, type Work } from './evaluateBenchmark.ts';
import { measureBenchmark } from './measureBenchmark.ts';
import { measureLabelled } from './measureLabelled.ts';

export interface BenchmarkStudyInput {
  readonly settings: BenchmarkSettings;
  /** The models to evaluate and train. */
  readonly models: readonly ModelId[];
  /** Removal masks judged by eye, to score the trained models on; null for none. */
  readonly labelled: { readonly table: string; readonly rows: readonly RemovalItem[] } | null;
  readonly softwareVersion: string;
}

/**
 * The whole study: heads made, defaced and measured, models evaluated and trained, and where a labelled table is given
 * scored on it. Everything it finds lies in the folder of `work`; the same call goes on where it was stopped.
 */
export async function benchmarkStudy(
  { settings, models, labelled, softwareVersion }: BenchmarkStudyInput,
  work: Work,
): Promise<StudyResult> {
  await mkdir(work.folder, { recursive: true });
  const plan = planBenchmark(settings);
  const scans = await measureBenchmark(settings, work);
  const items = scans.flatMap((scan) => scan.items);
  const byId = new Map(plan.defacings.map((defacing) => [defacing.id, defacing]));
  const defacingOf = (item: string): (typeof plan.defacings)[number] => {
    const found = byId.get(item);
    if (found === undefined) throw new Error(`the plan knows no ${item}`);
    return found;
  };
  const results: CriterionResult[] = [];
  const trained: { name: string; criterion: Criterion; model: TrainedModel }[] = [];
  for (const criterion of criteria) {
    for (const set of featureSets) {
      const name = `${criterion}-${set.id}`;
      const table = benchmarkTable(plan, items, { criterion, set, measured: measurements });
      const { evaluation, planned } = planWithFolds(table, {
        ...defaultEvaluation,
        models,
        seed: settings.seed,
        ...(set.features === null ? {} : { selection: null }),
      });
      const evaluated = await evaluateInThreads(table, planned, name, work);
      await writeFileWhole(join(work.folder, `evaluation-${name}.json`), JSON.stringify(evaluated));
      const contrastOf = (row: number): string => plan.scans[plan.defacings[items[row].index].scan].contrast;
      const transfer: ModelRow[] = [];
      const notes = [...evaluated.notes];
      for (const [from, to] of [
        ['T1w', 'FLAIR'],
        ['FLAIR', 'T1w'],
      ]) {
        const transferName = `${from} to ${to}`;
        const crossed = planTransfer(table, evaluation, {
          name: transferName,
          learn: (row) => contrastOf(row) === from,
          test: (row) => contrastOf(row) === to,
        });
        if (crossed.tasks.length === 0) {
          notes.push(...crossed.notes);
          continue;
        }
        const found = await evaluateInThreads(table, crossed, `${name}-${from}-${to}`, work);
        transfer.push(...found.evaluations.map(rowOf));
      }
      results.push({
        criterion,
        set: set.id,
        features: table.features.map(({ id }) => id),
        items: evaluated.items,
        persons: evaluated.persons,
        insufficient: evaluated.insufficient,
        rows: evaluated.evaluations.map(rowOf),
        transfer,
        recalls: evaluation.models.flatMap((model) => recallsOf(plan, evaluated, model) ?? []),
        rankings: rankingsOf(plan, evaluated),
        proofs: triageProofs(evaluated.evaluations, {
          mechanismOf: (item) => defacingOf(item).mechanism,
          personOf: (item) => plan.scans[defacingOf(item).scan].person,
          seed: settings.seed,
        }),
        notes,
      });
      for (const [variant, used] of [
        ['with-method', table],
        ['method-free', withoutMethod(table)],
      ] as const) {
        let done = 0;
        await Promise.all(
          evaluation.models.map(async (model) => {
            const { trained: fitted } = (await work.pool.run(
              'trainFinal',
              {
                table: used,
                model,
                settings: evaluation,
                about: { criterion, softwareVersion, contrasts: ['FLAIR', 'T1w'] },
              },
              work.signal === undefined ? {} : { signal: work.signal },
            )) as FinalModel;
            const label = `${criterion}_${set.id}_${variant}_${model}`;
            await writeFileWhole(join(work.folder, 'models', `${label}.json`), saveModel(fitted));
            trained.push({ name: label, criterion, model: fitted });
            work.report(++done, evaluation.models.length, `models ${name} ${variant}`);
          }),
        );
      }
    }
  }
  trained.sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    labelsAre: simulatedLabels,
    seed: settings.seed,
    settings,
    softwareVersion,
    counts: countsOf(plan, items),
    heads: headsOf(scans),
    results,
    singles: criteria.map((criterion) => ({
      criterion,
      singles: singleFeatures(
        benchmarkTable(plan, items, { criterion, set: featureSets[1], measured: measurements }),
      ),
    })),
    cutPoints: await cutPointRows(plan, items, work),
    labelled: labelled === null ? null : await scoreLabels(labelled, trained, items, work),
  };
}

/** The usual five outer folds, or as many as a small study can carry. Throws `split-impossible` below two. */
function planWithFolds(
  table: LearningTable,
  wanted: EvaluationSettings,
): { evaluation: EvaluationSettings; planned: EvaluationPlan } {
  for (let outerFolds = wanted.outerFolds; ; outerFolds--) {
    const evaluation = { ...wanted, outerFolds };
    try {
      return { evaluation, planned: planEvaluation(table, evaluation) };
    } catch (error) {
      if (outerFolds <= 2 || !(error instanceof AppError) || error.code !== 'split-impossible') throw error;
    }
  }
}

const rowOf = ({ model, variant, tool, items, persons, metrics, chosen }: ModelEvaluation): ModelRow => ({
  model,
  variant,
  tool,
  items,
  persons,
  metrics,
  chosen,
});

function countsOf(plan: BenchmarkPlan, items: readonly MeasuredItem[]): StudyResult['counts'] {
  const { scans } = plan;
  const loose = cutPointVariants.filter(({ name }) => name.startsWith('present'));
  return {
    persons: new Set(scans.map(({ person }) => person)).size,
    scans: scans.length,
    flair: scans.filter(({ contrast }) => contrast === 'FLAIR').length,
    defacings: items.length,
    verdicts: verdictCounts(items, () => 'all')[0].verdicts,
    byMechanism: verdictCounts(items, ({ index }) => mechanisms[plan.defacings[index].mechanism].title).map(
      ({ group, verdicts }) => ({ mechanism: group, verdicts }),
    ),
    byFailure: verdictCounts(items, ({ index }) => failureTitles[plan.defacings[index].failure.kind]).map(
      ({ group, verdicts }) => ({ failure: group, verdicts }),
    ),
    nearThreshold: items.filter(({ truth }) =>
      loose.some(({ cut }) => labelOfTruth(truth, 'lenient', cut) !== labelOfTruth(truth, 'lenient')),
    ).length,
  };
}

function headsOf(scans: readonly MeasuredScan[]): StudyResult['heads'] {
  const dices = scans.flatMap(({ quality }) => quality.brainDice ?? []).sort((a, b) => a - b);
  return {
    registered: scans.filter(({ quality }) => quality.registered).length,
    brainPlausible: scans.filter(({ quality }) => quality.brainPlausible).length,
    medianBrainDice: dices.length === 0 ? null : dices[dices.length >> 1],
    secondsPerScan: scans.reduce((sum, { durationMs }) => sum + durationMs, 0) / scans.length / 1000,
  };
}

/** The labels by other cut points, and what logistic regression on the paper's features makes of them. */
async function cutPointRows(
  plan: BenchmarkPlan,
  items: readonly MeasuredItem[],
  work: Work,
): Promise<CutPointRow[]> {
  const rows: CutPointRow[] = [];
  for (const criterion of criteria) {
    const usual = items.map(({ truth }) => labelOfTruth(truth, criterion));
    for (const [n, { name, cut }] of cutPointVariants.entries()) {
      const table = benchmarkTable(plan, items, {
        criterion,
        set: featureSets[0],
        measured: measurements,
        cut,
      });
      const settings: EvaluationSettings = {
        ...defaultEvaluation,
        seed: plan.settings.seed,
        models: ['logistic'],
        selection: null,
        withoutMethod: false,
        leaveOneToolOut: false,
        bootstrapDraws: 200,
      };
      const { planned } = planWithFolds(table, settings);
      const evaluated = await evaluateInThreads(table, planned, `cut-points-${criterion}-${String(n)}`, work);
      const logistic = evaluated.evaluations.find(({ model }) => model === 'logistic');
      rows.push({
        name,
        criterion,
        insufficient: evaluated.insufficient,
        changed: usual.filter((label, at) => label !== table.labels[at]).length,
        auroc: logistic?.metrics.auroc.pooled ?? null,
        balancedAccuracy: logistic?.metrics.balancedAccuracy.pooled ?? null,
      });
    }
  }
  return rows;
}

async function scoreLabels(
  { table, rows }: NonNullable<BenchmarkStudyInput['labelled']>,
  trained: readonly { name: string; criterion: Criterion; model: TrainedModel }[],
  simulated: readonly MeasuredItem[],
  work: Work,
): Promise<LabelledResult> {
  const { items, leftOut } = await measureLabelled(rows, work);
  return {
    table,
    items,
    leftOut,
    models: trained.map((model) => scoreLabelled(items, measurements, model)),
    singles: criteria.flatMap((criterion) =>
      borderlineSets.map((set) => labelledSingles(items, measurements, criterion, set)),
    ),
    shift: featureShifts(simulated, items, measurements),
  };
}
