import { existsSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import type { HandlersOf } from '../../src-shared/api/call.ts';
import type {
  practiceCalls,
  PracticeExplanation,
  PracticeRound,
} from '../../src-shared/api/practiceCalls.ts';
import { explainPractice } from '../../src-shared/rating/explainPractice.ts';
import { practiceItems, practiceVersion, type PracticeTruth } from '../../src-shared/rating/practiceItem.ts';
import { incomplete, labelOf, type Look } from '../../src-shared/rating/verdict.ts';
import { readBytes } from '../files/readBytes.ts';
import { forEachInFlight } from '../jobs/inFlight.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { Practice } from '../store/practices.ts';
import type { Engine } from './engine.ts';

/** A third larger than the sample heads' voxels: quick to make, and the views show no difference. */
const coarser = 1.3;

/** Where a practice pair lies, below the study folder. */
export const practiceFolder = (seed: number, n: number): string => `practice/${practiceVersion}-${seed}/${n}`;

/** Practice on invented heads with known truth; the same heads for everybody, others for each further round. */
export function practiceHandlers(engine: Engine): HandlersOf<typeof practiceCalls> {
  const { store, practices, jobs, pool, records, clock } = engine;
  const making = new Map<number, number>();

  const folderOf = (seed: number, n: number): string => join(store.folder, practiceFolder(seed, n));
  const isThere = (seed: number, n: number): boolean => existsSync(join(folderOf(seed, n), 'truth.json'));
  const places = Array.from({ length: practiceItems }, (_, at) => at + 1);

  const truthOf = async (seed: number, n: number): Promise<PracticeTruth> =>
    JSON.parse(
      Buffer.from(await readBytes(join(folderOf(seed, n), 'truth.json'))).toString('utf8'),
    ) as PracticeTruth;

  async function make(seed: number, { signal, report }: JobContext): Promise<void> {
    let done = 0;
    try {
      await forEachInFlight(places, pool.size, async (n) => {
        signal.throwIfAborted();
        if (!isThere(seed, n))
          await pool.run('practicePair', { folder: folderOf(seed, n), seed, n, coarser }, { signal });
        report({ phase: 'practice', done: ++done, total: practiceItems, message: '' });
      });
    } finally {
      making.delete(seed);
    }
  }

  /** The job that makes the heads of a seed; null where they all are there. */
  function ensure(seed: number): number | null {
    if (places.every((n) => isThere(seed, n))) return null;
    const known = making.get(seed);
    if (known !== undefined) return known;
    const jobId = jobs.start('practice', { seed }, (context) => make(seed, context));
    making.set(seed, jobId);
    return jobId;
  }

  async function explained({ seed }: Practice, n: number, given: Look): Promise<PracticeExplanation> {
    const truth = await truthOf(seed, n);
    return {
      n,
      given,
      truth: { verdict: truth.verdict, remains: truth.remains, brainCut: truth.brainCut },
      right: given.verdict === truth.verdict && given.brainCut === truth.brainCut,
      regions: truth.regions,
      brainLossMl: truth.brainLossMl,
      sentences: explainPractice(truth, given),
    };
  }

  async function show(practice: Practice): Promise<PracticeRound> {
    const answers = practices.answers(practice.id);
    const explanations = await Promise.all(answers.map(({ n, look }) => explained(practice, n, look)));
    const next = answers.length < practiceItems ? answers.length + 1 : null;
    return {
      id: practice.id,
      startedAt: practice.startedAt,
      finishedAt: practice.finishedAt,
      total: practiceItems,
      answered: answers.length,
      jobId: making.get(practice.seed) ?? null,
      next,
      nextReady: next !== null && isThere(practice.seed, next),
      result: next === null ? resultOf(explanations) : null,
      explained: explanations,
    };
  }

  return {
    'practice.start': ({ seed }, caller) => {
      const accountId = caller.person?.id ?? null;
      const before = practices.of(accountId);
      const begun = before.find(({ finishedAt }) => finishedAt === null);
      if (begun !== undefined && seed === undefined) {
        ensure(begun.seed);
        return show(begun);
      }
      const id = randomBytes(8).toString('hex');
      const chosen = seed ?? before.length + 1;
      ensure(chosen);
      store.atOnce(() => practices.add({ id, accountId, seed: chosen, at: clock.now() }));
      return show(known(engine, id));
    },
    'practice.list': (_input, caller) => Promise.all(practices.of(caller.person?.id ?? null).map(show)),
    'practice.answer': async ({ practiceId, n, look, viewingMs }, caller) => {
      const practice = practices.byId(practiceId);
      const accountId = caller.person?.id ?? null;
      if (practice?.accountId !== accountId)
        throw new AppError('practice-missing', 'There is no such practice round of yours.');
      const answers = practices.answers(practiceId);
      const before = answers.find((answer) => answer.n === n);
      if (before !== undefined) return explained(practice, n, before.look);
      if (n !== answers.length + 1 || n > practiceItems || !isThere(practice.seed, n))
        throw new AppError('practice-order', 'Practice pairs come one after the other. Take the next one.');
      const lacks = incomplete(look);
      if (lacks !== null) throw new AppError('look-incomplete', lacks);
      const explanation = await explained(practice, n, look);
      const at = clock.now();
      store.atOnce(() => {
        practices.answer(practiceId, { n, look, viewingMs, at });
        if (n < practiceItems) return;
        practices.finish(practiceId, at);
        records.append({
          kind: 'practice-finished',
          accountId,
          at,
          body: { practiceId, seed: practice.seed, version: practiceVersion },
        });
      });
      return explanation;
    },
  };
}

function known({ practices }: Engine, id: string): Practice {
  const practice = practices.byId(id);
  if (practice === null) throw new AppError('practice-missing', 'There is no such practice round of yours.');
  return practice;
}

function resultOf(explanations: readonly PracticeExplanation[]): PracticeRound['result'] {
  const right = (same: (each: PracticeExplanation) => boolean): number => explanations.filter(same).length;
  const label =
    (criterion: 'strict' | 'lenient') =>
    ({ given, truth }: PracticeExplanation): boolean =>
      given.verdict !== null && labelOf(given.verdict, criterion) === labelOf(truth.verdict, criterion);
  return {
    strict: right(label('strict')),
    lenient: right(label('lenient')),
    verdicts: right(({ given, truth }) => given.verdict === truth.verdict),
    brain: right(({ given, truth }) => given.brainCut === truth.brainCut),
  };
}
