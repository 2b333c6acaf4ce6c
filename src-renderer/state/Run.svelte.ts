import type { JobNews, StepUnderWay } from '../../src-shared/api/batchCalls.ts';
import type { DefacingRow } from '../../src-shared/api/contract.ts';
import type { JobStep } from '../../src-shared/domain/study.ts';

interface Asks {
  readonly news: (input: { jobId: number; after: number }) => Promise<JobNews>;
  readonly defacingsOf: (scanIds: string[]) => Promise<readonly DefacingRow[]>;
}

/** The steps of one run as they come, what is under way, and the defacings that came with them. */
export class Run {
  steps = $state.raw<readonly JobStep[]>([]);
  underWay = $state.raw<readonly StepUnderWay[]>([]);
  paused = $state(false);

  failed = $derived(
    new Map(
      this.steps
        .filter(({ state }) => state === 'failed')
        .map((step) => [`${step.subject} ${step.step}`, step]),
    ),
  );

  readonly #asks: Asks;
  #jobId = 0;
  #last = 0;
  #asking = false;

  constructor(asks: Asks) {
    this.#asks = asks;
  }

  /** Asks for news of a run; gives the defacings of the scans it went on with. */
  async refresh(jobId: number): Promise<readonly DefacingRow[]> {
    if (this.#asking) return [];
    this.#asking = true;
    try {
      if (jobId !== this.#jobId) {
        this.#jobId = jobId;
        this.#last = 0;
        this.steps = [];
      }
      const first = this.#last === 0;
      const news = await this.#asks.news({ jobId, after: this.#last });
      this.#last = news.last;
      this.underWay = news.underWay;
      this.paused = news.paused;
      if (news.steps.length > 0) this.steps = [...this.steps, ...news.steps];
      // What was there before this was opened is known already.
      const scanIds = new Set(
        news.steps.filter(({ state }) => state !== 'kept' && !first).map(({ subject }) => subject),
      );
      return scanIds.size === 0 ? [] : await this.#asks.defacingsOf([...scanIds]);
    } finally {
      this.#asking = false;
    }
  }
}
