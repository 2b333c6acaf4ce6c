import type { EvaluationSettings } from '../model/evaluationSettings.ts';
import { planEvaluation, type EvaluationPlan } from '../model/evaluationTask.ts';
import type { LearningTable } from '../model/learningTable.ts';

/** People with each label that learning needs, as where a tool is left out. */
const fewestPersons = 4;

/**
 * Learn on some rows, test on others, crossed with the person folds of the usual evaluation: a test person is never learned
 * from. As a plan whose results `assembleEvaluation` takes; the name stands where the tool left out would. Without
 * tasks, and with a note, where there are too few people.
 */
export function planTransfer(
  table: LearningTable,
  settings: EvaluationSettings,
  { name, learn, test }: { name: string; learn: (row: number) => boolean; test: (row: number) => boolean },
): EvaluationPlan {
  const plan = planEvaluation(table, {
    ...settings,
    repeats: 1,
    withoutMethod: false,
    leaveOneToolOut: false,
  });
  const tasks = plan.tasks
    .filter(({ model }) => (settings.models as readonly string[]).includes(model))
    .map((task) => ({
      ...task,
      id: `${name}/${task.id}`,
      variant: 'tool-out' as const,
      tool: name,
      trainRows: task.trainRows.filter(learn),
      testRows: task.testRows.filter(test),
    }))
    .filter(({ testRows }) => testRows.length > 0);
  const enough = tasks.every(({ trainRows }) =>
    [0, 1].every(
      (label) =>
        new Set(trainRows.filter((row) => table.labels[row] === label).map((row) => table.persons[row]))
          .size >= fewestPersons,
    ),
  );
  return enough
    ? { ...plan, tasks }
    : {
        ...plan,
        tasks: [],
        notes: [`${name} was skipped: there are too few persons with one of the labels to learn from.`],
      };
}
