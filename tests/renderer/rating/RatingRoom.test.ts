import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src-shared/api/appError.ts';
import type { RatingItem, RatingQueue } from '../../../src-shared/api/ratingCalls.ts';
import type { Look } from '../../../src-shared/rating/verdict.ts';
import { RatingRoom, type RatingApi } from '../../../src-renderer/state/RatingRoom.svelte.ts';

/** An engine of three pairs that keeps what it is told, and can be made to fail once. */
function standIn() {
  const ids = ['a', 'b', 'c'];
  const decided = new Map<string, Look>();
  const drafts = new Map<string, Look | null>();
  const order: string[] = [];
  const commits: { id: string; itemId: string; viewingMs: number }[] = [];
  let failing: AppError | null = null;
  const item = (id: string): RatingItem => ({
    id,
    roundId: 'round',
    position: ids.indexOf(id) + 1,
    originalSide: 'left',
    decided: decided.get(id) ?? null,
    draft: drafts.get(id) ?? null,
    criterionVersion: 1,
    minViewingMs: 2000,
    views: [],
    shape: null,
  });
  const later: string[] = [];
  const queue = (): RatingQueue => {
    const open = [...ids.filter((id) => !later.includes(id)), ...later].filter((id) => !decided.has(id));
    return {
      item: open.length === 0 ? null : item(open[0]),
      ahead: open.slice(1, 3).map(item),
      done: decided.size,
      total: 3,
      later: later.length,
      canUndo: order.length > 0,
      practiceDue: false,
    };
  };
  const api = {
    'ratings.next': () => Promise.resolve(queue()),
    'ratings.item': ({ itemId }) => Promise.resolve(item(itemId)),
    'ratings.mine': () =>
      Promise.resolve(
        ids.map((id, at) => ({
          itemId: id,
          position: at + 1,
          state: decided.has(id) ? ('done' as const) : ('open' as const),
          look: decided.get(id) ?? null,
          at: decided.has(id) ? `2026-01-01T00:00:0${order.indexOf(id)}Z` : null,
        })),
      ),
    'ratings.commit': ({ id, itemId, look, viewingMs }) => {
      commits.push({ id, itemId, viewingMs });
      decided.set(itemId, look);
      drafts.delete(itemId);
      if (!order.includes(itemId)) order.push(itemId);
      if (failing !== null) {
        const error = failing;
        failing = null;
        return Promise.reject(error);
      }
      return Promise.resolve({ verdictId: id, at: '', queue: queue() });
    },
    'ratings.undo': () => {
      const last = order.pop() ?? '';
      const look = decided.get(last);
      decided.delete(last);
      if (look === undefined) throw new Error('nothing to undo');
      return Promise.resolve({ item: item(last), look });
    },
    'ratings.later': ({ itemId }) => {
      later.push(itemId);
      return Promise.resolve(queue());
    },
    'ratings.keepPlace': ({ itemId, look }) => {
      drafts.set(itemId, look);
      return Promise.resolve(null);
    },
  } satisfies RatingApi;
  return { api, decided, drafts, commits, failOnce: (error: AppError) => (failing = error) };
}

let now = 0;
let engine = standIn();
let kept: string[][] = [];
let sessionTold = 0;
let room: RatingRoom;

function newRoom(): RatingRoom {
  return new RatingRoom('round', {
    api: engine.api,
    pictures: { keep: (bases) => Promise.resolve(void kept.push([...bases])) },
    now: () => now,
    newId: () => crypto.randomUUID(),
    onSession: () => {
      sessionTold++;
    },
  });
}
async function rate(verdict: 1 | 2): Promise<void> {
  room.look.judge(verdict);
  now += 5000;
  await room.commit({});
}

beforeEach(async () => {
  now = 0;
  engine = standIn();
  kept = [];
  sessionTold = 0;
  room = newRoom();
  await room.open();
});

describe('a rater in a round', () => {
  it('sees the first pair with nothing chosen, while pictures of the next ones are fetched', () => {
    expect(room.item?.id).toBe('a');
    expect(room.look.untouched).toBe(true);
    expect(kept).toEqual([['item/a', 'item/b', 'item/c']]);
  });

  it('does not commit what is incomplete, nor what was not looked at long enough', async () => {
    await room.commit({});
    expect(room.said).toBe('Choose 1, 2 or 3.');
    room.look.judge(1);
    now = 1500;
    await room.commit({});
    expect(room.said).toBe('Look for 0.5 seconds more.');
    expect(engine.commits).toEqual([]);
    now = 2000;
    await room.commit({});
    expect(engine.commits).toMatchObject([{ itemId: 'a', viewingMs: 2000 }]);
    expect(room.item?.id).toBe('b');
    expect(room.look.untouched).toBe(true);
  });

  it('does not count time at rest', async () => {
    now = 1000;
    room.rest();
    now = 61_000;
    room.goOn();
    room.look.judge(2);
    now = 63_000;
    await room.commit({});
    expect(engine.commits[0].viewingMs).toBe(3000);
  });

  it('goes back pair by pair, goes on without a new verdict where nothing changed, and corrects where something did', async () => {
    await rate(1);
    await rate(2);
    expect(room.item?.id).toBe('c');
    await room.back();
    expect([room.item?.id, room.look.verdict, room.goneBack]).toEqual(['b', 2, true]);
    await room.back();
    expect([room.item?.id, room.look.verdict]).toEqual(['a', 1]);
    await room.back();
    expect(room.said).toBe('This is the first pair you rated.');
    await room.commit({});
    expect(room.item?.id).toBe('b');
    expect(engine.commits).toHaveLength(2);
    await rate(1);
    expect(engine.commits).toHaveLength(3);
    expect(engine.decided.get('b')?.verdict).toBe(1);
    expect(room.item?.id).toBe('c');
    expect(room.goneBack).toBe(false);
  });

  it('takes the last verdict back and shows its pair as it was judged', async () => {
    await room.undo();
    expect(room.said).toBe('There is no verdict to take back.');
    await rate(1);
    await room.undo();
    expect(room.item?.id).toBe('a');
    expect(room.look.verdict).toBe(1);
    expect(engine.decided.size).toBe(0);
  });

  it('puts a pair off without a verdict', async () => {
    await room.later();
    expect(room.item?.id).toBe('b');
    expect(engine.commits).toEqual([]);
    await rate(1);
    await rate(1);
    expect(room.item?.id).toBe('a');
  });

  it('sends a decision again under the same id when its answer was lost, so that it counts once', async () => {
    engine.failOnce(new AppError('host-gone', 'The workstation no longer answers.'));
    await rate(1);
    expect(room.problem?.code).toBe('host-gone');
    expect(room.item?.id).toBe('a');
    expect(room.look.verdict).toBe(1);
    await room.commit({});
    expect(room.problem).toBeNull();
    expect(new Set(engine.commits.map(({ id }) => id)).size).toBe(1);
    expect(room.item?.id).toBe('b');
    await rate(2);
    expect(new Set(engine.commits.map(({ id }) => id)).size).toBe(2);
  });

  it('finds a look half made again after a reload', async () => {
    room.look.judge(3);
    room.keep(room.look.value);
    room.look.toggle('nose');
    room.keep(room.look.value);
    await expect.poll(() => engine.drafts.get('a')?.remains).toEqual(['nose']);
    room = newRoom();
    await room.open();
    expect(room.item?.id).toBe('a');
    expect(room.look.value).toMatchObject({ verdict: 3, remains: ['nose'] });
  });

  it('tells the frame when the session was locked', async () => {
    engine.failOnce(new AppError('session-locked', 'Locked.'));
    await rate(1);
    expect(sessionTold).toBe(1);
  });
});
