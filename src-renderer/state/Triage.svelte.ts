import type { ApiOf } from '../../src-shared/api/call.ts';
import type { TriageModelRow, TriageRow, TriageRun, triageCalls } from '../../src-shared/api/triageCalls.ts';
import { api } from '../client/httpApi.ts';
import { workstation } from './Workstation.svelte.ts';

type Statement = Awaited<ReturnType<ApiOf<typeof triageCalls>['triage.statement']>>;

/** What the triage screen holds: the models, what a risk would bring, and what the newest run decided. */
export class Triage {
  models = $state.raw<readonly TriageModelRow[] | null>(null);
  modelId = $state('');
  /** Largest share of insufficient defacings that may be passed, of adequate ones that may be failed, and 1 - confidence. */
  alpha = $state(0.05);
  alphaFail = $state(0.05);
  delta = $state(0.05);
  auditShare = $state(0.05);
  auditLeast = $state(5);
  brainLookMl = $state(1);
  brainFailMl = $state(5);
  told = $state.raw<Statement | null>(null);
  run = $state.raw<TriageRun | null>(null);
  items = $state.raw<readonly TriageRow[]>([]);
  busy = $state(false);

  model = $derived(this.models?.find(({ id }) => id === this.modelId) ?? null);
  queue = $derived(
    this.items.filter(({ place }) => place !== null).toSorted((a, b) => (a.place ?? 0) - (b.place ?? 0)),
  );
  /** What the model was never trained on, with how many are held for it. */
  held = $derived.by(() => {
    const counts = new Map<string, { kind: TriageRow['outside'][number]['kind']; what: string; n: number }>();
    for (const { outside } of this.items)
      for (const { kind, what } of outside) {
        const known = counts.get(`${kind} ${what}`);
        if (known === undefined) counts.set(`${kind} ${what}`, { kind, what, n: 1 });
        else known.n++;
      }
    return [...counts.values()].sort((a, b) => b.n - a.n);
  });

  async load(): Promise<void> {
    this.models = (await workstation.attempt(() => api['triage.models']({}))) ?? this.models ?? [];
    if (this.model === null)
      this.modelId = this.models.find(({ inUse }) => inUse)?.id ?? this.models.at(0)?.id ?? '';
    const runs = (await workstation.attempt(() => api['triage.runs']({}))) ?? [];
    this.run = runs.at(0) ?? null;
    await this.refresh();
  }

  async refresh(): Promise<void> {
    const { run } = this;
    if (run === null) this.items = [];
    else this.items = (await workstation.attempt(() => api['triage.items']({ runId: run.id }))) ?? this.items;
  }

  #asked = 0;
  /** Asks what the request would bring; of several questions the last one counts. */
  async ask(): Promise<void> {
    const { modelId, alpha, alphaFail, delta } = this;
    const turn = ++this.#asked;
    if (modelId === '') return;
    const told = await workstation.attempt(() =>
      api['triage.statement']({ modelId, alpha, alphaFail, delta }),
    );
    if (turn === this.#asked && told !== null) this.told = told;
  }

  async decide(): Promise<boolean> {
    const { modelId, alpha, alphaFail, delta, auditShare, auditLeast, brainLookMl, brainFailMl } = this;
    this.busy = true;
    const run = await workstation.attempt(() =>
      api['triage.start']({
        modelId,
        alpha,
        alphaFail,
        delta,
        auditShare,
        auditLeast,
        brainLookMl,
        brainFailMl,
      }),
    );
    if (run !== null) this.run = run;
    await this.refresh();
    this.busy = false;
    return run !== null;
  }

  async use(): Promise<void> {
    const { modelId } = this;
    await workstation.attempt(() => api['models.use']({ modelId, use: true }));
    await this.load();
  }
}

/** Who gives verdicts where nobody is signed in; remembered while the window is open. */
export const reviewer = $state({ name: '' });
