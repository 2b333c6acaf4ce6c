import type { EvaluationSummary, EvaluationView, FoldRow } from '../../src-shared/api/labCalls.ts';
import type { Criterion } from '../../src-shared/rating/verdict.ts';
import { api } from '../client/httpApi.ts';
import { workstation } from './Workstation.svelte.ts';

/** The evaluations of the study, and the one that is looked at. */
export class Lab {
  evaluations = $state.raw<readonly EvaluationSummary[] | null>(null);
  /** Results by criterion of the evaluation that is looked at. */
  results = $state.raw<Readonly<Partial<Record<Criterion, EvaluationView | null>>>>({});
  folds = $state.raw<readonly FoldRow[]>([]);
  #loaded = '';

  async list(): Promise<void> {
    this.evaluations =
      (await workstation.attempt(() => api['evaluations.list']({}))) ?? this.evaluations ?? [];
  }

  /** Everything about one evaluation; results are fetched again only when there can be new ones. */
  async look(id: string, criterion: Criterion): Promise<void> {
    const summary = this.evaluations?.find((each) => each.id === id);
    if (summary === undefined) return;
    const found = await workstation.attempt(async () => ({
      folds: await api['evaluations.folds']({ evaluationId: id, criterion }),
      results: await this.#resultsOf(summary),
    }));
    if (found === null) return;
    this.folds = found.folds;
    this.results = found.results;
  }

  async #resultsOf(summary: EvaluationSummary): Promise<Lab['results']> {
    const stamp = `${summary.id} ${summary.state} ${JSON.stringify(summary.parts.map(({ done }) => done))}`;
    if (stamp === this.#loaded) return this.results;
    const pairs = await Promise.all(
      summary.parts.map(
        async ({ criterion }) =>
          [criterion, await api['evaluations.result']({ evaluationId: summary.id, criterion })] as const,
      ),
    );
    this.#loaded = stamp;
    return Object.fromEntries(pairs);
  }

  forget(): void {
    this.#loaded = '';
    this.results = {};
    this.folds = [];
  }
}
