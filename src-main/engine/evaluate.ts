import { randomBytes } from 'node:crypto';
import { AppError } from '../../src-shared/api/appError.ts';
import type { Caller } from '../../src-shared/api/caller.ts';
import { featureOf } from '../../src-shared/predictors/predictors.ts';
import { planEvaluation, type TaskResult } from '../../src-shared/model/evaluationTask.ts';
import { type Recipe, settingsOf } from '../../src-shared/model/presets.ts';
import { restoreData, storeData, type StoredData } from '../../src-shared/model/storedData.ts';
import { type StudyData, studyTable } from '../../src-shared/model/studyTable.ts';
import type { Criterion } from '../../src-shared/rating/verdict.ts';
import { forEachInFlight } from '../jobs/inFlight.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { PartRow } from '../store/learning.ts';
import type { AssembleTask } from '../workers/tasks/train.ts';
import type { Engine } from './engine.ts';
import { studyItems } from './studyItems.ts';

/** What the study gives to learn from now. Error: `feature-unknown`. */
export function studyData(
  engine: Engine,
  criterion: Criterion,
  choice: Pick<Recipe, 'features' | 'method'>,
): StudyData {
  const chosen = choice.features.map((id) => {
    const known = featureOf(id);
    if (known === undefined)
      throw new AppError('feature-unknown', `There is no feature named ${JSON.stringify(id)}.`, {
        feature: id,
      });
    return { id, version: known.version, block: known.block ?? null };
  });
  return studyTable(studyItems(engine, criterion), { features: chosen, method: choice.method });
}

/**
 * Stores what is to be evaluated, with the very table it learns from, and starts the job. A criterion that cannot be
 * evaluated keeps its reason and the other goes on. Errors: `job-running`, and the reason where no criterion can.
 */
export function startEvaluation(
  engine: Engine,
  recipe: Recipe,
  caller: Caller,
): { evaluationId: string; jobId: number } {
  const { learning, jobs, records, clock, store, software } = engine;
  const id = randomBytes(8).toString('hex');
  const parts = [...new Set(recipe.criteria)].map((criterion) => newPart(engine, id, criterion, recipe));
  if (parts.every(({ refusal }) => refusal !== null)) {
    const { code, message } = refusalOf(parts[0]);
    throw new AppError(code, message, {});
  }
  // The work begins after this call has answered, so the rows are there before it looks for them.
  const jobId = jobs.start('learn', { evaluationId: id }, (job) => runEvaluation(engine, id, job));
  const accountId = caller.person?.id ?? null;
  store.atOnce(() => {
    const startedAt = clock.now();
    learning.addEvaluation(
      { id, recipe: JSON.stringify(recipe), jobId, software, accountId, startedAt },
      parts,
    );
    records.append({
      kind: 'evaluation-started',
      accountId,
      at: startedAt,
      body: { evaluationId: id, recipe, plans: parts.map(({ criterion, plan }) => ({ criterion, plan })) },
    });
  });
  return { evaluationId: id, jobId };
}

function newPart(engine: Engine, evaluationId: string, criterion: Criterion, recipe: Recipe): PartRow {
  const data = studyData(engine, criterion, recipe);
  const common = {
    evaluationId,
    criterion,
    data: JSON.stringify(storeData(data)),
    result: null,
    endedAt: null,
  };
  try {
    if (data.table.itemIds.length === 0)
      throw new AppError(
        'table-unusable',
        `No defacing has both features and a final ${criterion} label yet. Rate some, or import labels.`,
      );
    const plan = planEvaluation(data.table, settingsOf(recipe));
    return { ...common, plan: plan.id, steps: plan.tasks.length, refusal: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const refusal = JSON.stringify({ code: error.code, message: error.message });
    return { ...common, plan: '', steps: 0, refusal };
  }
}

export const refusalOf = ({ refusal }: PartRow): { code: string; message: string } =>
  JSON.parse(refusal ?? '{}') as { code: string; message: string };

export const dataOf = ({ data }: PartRow): StudyData => restoreData(JSON.parse(data) as StoredData);

/** Goes on with the folds that are missing. Errors: `evaluation-missing`, `evaluation-done`, `job-running`. */
export function resumeEvaluation(engine: Engine, id: string): { jobId: number } {
  const { learning, jobs } = engine;
  if (learning.evaluation(id) === null) throw missingEvaluation();
  if (learning.parts(id).every(({ refusal, result }) => refusal !== null || result !== null))
    throw new AppError(
      'evaluation-done',
      'This evaluation is complete; there is nothing left to go on with.',
    );
  const jobId = jobs.start('learn', { evaluationId: id }, (job) => runEvaluation(engine, id, job));
  learning.setJob(id, jobId);
  return { jobId };
}

export const missingEvaluation = (): AppError =>
  new AppError('evaluation-missing', 'There is no such evaluation in this study.');

/** The job: every fold that is not there yet, in the threads; then the results of each criterion. */
async function runEvaluation(engine: Engine, id: string, job: JobContext): Promise<void> {
  const { learning, pool, clock } = engine;
  const evaluation = learning.evaluation(id);
  if (evaluation === null) throw missingEvaluation();
  const settings = settingsOf(JSON.parse(evaluation.recipe) as Recipe);
  const parts = learning.parts(id).filter(({ refusal, result }) => refusal === null && result === null);
  const total = parts.reduce((sum, { steps }) => sum + steps, 0);
  let done = parts.reduce((sum, { criterion }) => sum + learning.foldCount(id, criterion), 0);
  const report = (message: string): void => job.report({ phase: 'lab', done, total, message });
  report('');
  for (const part of parts) {
    const { criterion } = part;
    const { table } = dataOf(part);
    const plan = planEvaluation(table, settings);
    if (plan.id !== part.plan)
      throw new AppError(
        'evaluation-outdated',
        'This evaluation was begun by another version of the program and can not go on. Start a new one.',
        { criterion },
      );
    const stored = learning.folds(id, criterion).map((text) => JSON.parse(text) as TaskResult);
    const known = new Set(stored.map((result) => result.id));
    const missing = plan.tasks.filter((task) => !known.has(task.id));
    // One more than threads: none waits for us, and work of others is not behind a long line.
    await forEachInFlight(missing, pool.size + 1, async (task) => {
      const result = (await pool.run('trainFold', task, { signal: job.signal })) as TaskResult;
      learning.addFold(id, criterion, task.id, JSON.stringify(result));
      done++;
      report(`${criterion}: ${task.id}`);
    });
    const results = learning.folds(id, criterion).map((text) => JSON.parse(text) as TaskResult);
    const input: AssembleTask = { table, settings, results };
    const result = await pool.run('assembleEvaluation', input, { signal: job.signal });
    learning.endPart(id, criterion, JSON.stringify(result), clock.now());
    report(criterion);
  }
}
