import type { EvaluationView } from '../../../src-shared/api/labCalls.ts';
import { modelIds, type ModelId } from '../../../src-shared/model/models.ts';

export type ChosenVariant = 'all' | 'without-method';

/** Which model's results a tab shows, with or without flags of tools; always one that was evaluated. */
export class EvaluationChoice {
  variant = $state<ChosenVariant>('all');
  wanted = $state<ModelId | null>(null);
  readonly #result: () => EvaluationView;

  constructor(result: () => EvaluationView) {
    this.#result = result;
  }

  variants = $derived.by(() =>
    (['all', 'without-method'] as const).filter((id) =>
      this.#result().evaluations.some((each) => each.variant === id),
    ),
  );
  offered = $derived.by(() =>
    modelIds.filter((id) =>
      this.#result().evaluations.some((each) => each.model === id && each.variant === this.variant),
    ),
  );
  model = $derived.by(() =>
    this.wanted !== null && this.offered.includes(this.wanted) ? this.wanted : this.offered[0],
  );
  evaluation = $derived.by(() =>
    this.#result().evaluations.find(
      (each) => each.model === this.model && each.variant === this.variant && each.tool === null,
    ),
  );
}
