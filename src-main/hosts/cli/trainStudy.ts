import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../src-shared/api/appError.ts';
import { features as measurements } from '../../../src-shared/features/features.ts';
import { idsOfGroup } from '../../../src-shared/predictors/featureGroups.ts';
import { evaluationSummary } from '../../../src-shared/model/evaluationReport.ts';
import { defaultEvaluation } from '../../../src-shared/model/evaluationSettings.ts';
import type { Recipe } from '../../../src-shared/model/presets.ts';
import { criteria, type Criterion } from '../../../src-shared/rating/verdict.ts';
import type { TrainOptions } from './train.ts';
import { withEngine } from './withEngine.ts';

function recipeOf(options: TrainOptions): Recipe {
  const wanted = options.label.map((label): Criterion => {
    const known = criteria.find((criterion) => criterion === label);
    if (known === undefined)
      throw new AppError(
        'table-unusable',
        `A study has the labels ${criteria.join(' and ')}, not ${JSON.stringify(label)}.`,
      );
    return known;
  });
  const named = [
    ...new Set([
      ...(options.features ?? [...measurements.map(({ id }) => id), 'method']),
      ...(options.with ?? []).flatMap((group) => idsOfGroup[group]),
    ]),
  ];
  return {
    criteria: wanted,
    features: named.filter((name) => name !== 'method'),
    method: named.includes('method'),
    selection: options.selection,
    models: options.models,
    outerFolds: options.folds,
    innerFolds: defaultEvaluation.innerFolds,
    repeats: options.repeats,
    seed: options.seed,
    withoutMethod: true,
    leaveOneToolOut: true,
    ...(options.ablation === true && { ablation: true }),
  };
}

/**
 * `train` on a study: its features and final labels, grouped by its persons. The evaluation and the models stay in the
 * study, where the lab shows them; tables, model files and cards are written to `--out` as well. A stopped one with the
 * same choices goes on.
 */
export async function trainStudy(
  studyFolder: string,
  options: TrainOptions,
  report: (done: number, total: number, message: string) => void,
  signal?: AbortSignal,
): Promise<Record<string, unknown>> {
  const recipe = recipeOf(options);
  return withEngine({ studyFolder, workers: options.workers }, async ({ api, engine }) => {
    const stopped = (await api['evaluations.list']({})).find(
      (each) => each.state === 'stopped' && JSON.stringify(each.recipe) === JSON.stringify(recipe),
    );
    const { evaluationId, jobId } =
      stopped === undefined
        ? await api['evaluations.start']({
            ...recipe,
            ...{ criteria: [...recipe.criteria], features: [...recipe.features], models: [...recipe.models] },
          })
        : { evaluationId: stopped.id, ...(await api['evaluations.resume']({ evaluationId: stopped.id })) };
    const watching = new AbortController();
    const watched = (async () => {
      for await (const event of engine.events(watching.signal))
        if (event.kind === 'progress' && event.progress.jobId === jobId)
          report(event.progress.done, event.progress.total ?? 0, event.progress.message);
    })();
    const stop = (): void => void api['jobs.cancel']({ jobId });
    signal?.addEventListener('abort', stop);
    const job = await api['jobs.wait']({ jobId });
    signal?.removeEventListener('abort', stop);
    watching.abort();
    await watched;
    signal?.throwIfAborted();
    if (job.error !== null) throw new AppError(job.error.code, job.error.message);

    await mkdir(join(options.out, 'models'), { recursive: true });
    const write = async (name: string, text: string): Promise<void> => {
      const path = join(options.out, name);
      await writeFile(`${path}.part`, text);
      await rename(`${path}.part`, path);
    };
    for (const { name, text } of (await api['evaluations.export']({ evaluationId })).files)
      await write(name, text);
    const found: Record<string, unknown> = {};
    for (const criterion of recipe.criteria) {
      const result = await api['evaluations.result']({ evaluationId, criterion });
      if (result === null) continue;
      const models: Record<string, unknown> = {};
      for (const model of recipe.models) {
        const kept = await api['models.keep']({
          ...{ evaluationId, criterion, model, variant: 'all' as const },
          name: `${model}, ${criterion}`,
        });
        const { card, html, file } = await api['models.card']({ modelId: kept.id });
        await write(join('models', file.name), file.text);
        await write(
          join('models', `card_${criterion}_v${kept.version}.json`),
          `${JSON.stringify(card, null, 2)}\n`,
        );
        await write(join('models', `card_${criterion}_v${kept.version}.html`), html);
        models[model] = { id: kept.id, version: kept.version, hash: kept.hash };
      }
      found[criterion] = {
        ...{ items: result.items, persons: result.persons, insufficient: result.insufficient },
        ...{ notes: result.notes, models },
        ...(result.ablation !== undefined && { ablation: result.ablation }),
        evaluations: result.evaluations.map(({ model, variant, tool, group, metrics, chosen }) => ({
          ...{ model, variant, tool, group, metrics, chosen },
        })),
        summary: evaluationSummary(result),
      };
    }
    return { out: options.out, seed: options.seed, evaluationId, criteria: found };
  });
}
