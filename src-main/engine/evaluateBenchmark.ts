import { assembleEvaluation, type EvaluationResult } from '../../src-shared/model/assembleEvaluation.ts';
import type { EvaluationPlan, TaskResult } from '../../src-shared/model/evaluationTask.ts';
import type { LearningTable } from '../../src-shared/model/learningTable.ts';
import { appendLine, readLines } from '../files/jsonLines.ts';
import type { Pool } from '../workers/pool.ts';

export interface Work {
  readonly pool: Pool;
  /** Finished steps are kept here and not done again. */
  readonly folder: string;
  readonly report: (done: number, total: number, message: string) => void;
  readonly signal?: AbortSignal;
}

/** All folds of a plan in the threads, and their summary. `name` tells the plans of one folder apart. */
export async function evaluateInThreads(
  table: LearningTable,
  plan: EvaluationPlan,
  name: string,
  { pool, folder, report, signal }: Work,
): Promise<EvaluationResult> {
  const path = `${folder}/folds-${name}.jsonl`;
  const known = (await readLines<TaskResult>(path)).filter((result) => result.plan === plan.id);
  const results = new Map(known.map((result) => [result.id, result]));
  let done = plan.tasks.filter(({ id }) => results.has(id)).length;
  report(done, plan.tasks.length, name);
  await Promise.all(
    plan.tasks
      .filter(({ id }) => !results.has(id))
      .map(async (task) => {
        const options = signal === undefined ? {} : { signal };
        const result = (await pool.run('trainFold', task, options)) as TaskResult;
        await appendLine(path, result);
        results.set(result.id, result);
        report(++done, plan.tasks.length, name);
      }),
  );
  return assembleEvaluation(table, plan, [...results.values()]);
}
