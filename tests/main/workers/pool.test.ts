import { afterEach, describe, expect, it } from 'vitest';
import { openPool, type Pool } from '../../../src-main/workers/pool.ts';

const entry = new URL('../../fixtures/stand-ins/testWorker.ts', import.meta.url);
let pool: Pool;
const open = (size: number): Pool => (pool = openPool({ size, entry }));
afterEach(() => pool.close());

describe('a pool of threads', () => {
  it('answers each task with its own result, more tasks than threads', async () => {
    open(2);
    const results = await Promise.all(Array.from({ length: 20 }, (_, n) => pool.run('double', n)));
    expect(results).toEqual(Array.from({ length: 20 }, (_, n) => 2 * n));
  });

  it('passes an AppError on whole', async () => {
    await expect(open(1).run('refuse', null)).rejects.toMatchObject({
      code: 'some-code',
      message: 'A sentence.',
      facts: { n: 1 },
    });
  });

  it('passes a mistake on as an error with its place', async () => {
    await expect(open(1).run('crash', null)).rejects.toThrow(/a mistake[\s\S]*testWorker/);
  });

  it.each(['die', 'throwLater'])(
    'rejects who waits when a thread ends by %s, and goes on with a fresh one',
    async (task) => {
      open(1);
      const [dead, after] = await Promise.allSettled([pool.run(task, null), pool.run('double', 4)]);
      expect(dead).toMatchObject({ status: 'rejected', reason: { code: 'worker-died' } });
      expect(after).toEqual({ status: 'fulfilled', value: 8 });
    },
  );

  it('ends a task in the middle of arithmetic when it is cancelled', async () => {
    open(1);
    const stop = new AbortController();
    const task = pool.run('spin', null, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 100);
    await expect(task).rejects.toThrow('enough');
    expect(await pool.run('double', 1)).toBe(2);
  });

  it('takes a cancelled task out of the line without touching the others', async () => {
    open(1);
    const stop = new AbortController();
    const first = pool.run('wait', 100);
    const second = pool.run('double', 2, { signal: stop.signal });
    const third = pool.run('double', 3);
    stop.abort(new Error('not needed'));
    await expect(second).rejects.toThrow('not needed');
    expect([await first, await third]).toEqual(['waited', 6]);
  });

  it('lets a task finish that has begun where that was asked for, and still takes one out of the line', async () => {
    open(1);
    const stop = new AbortController();
    const options = { signal: stop.signal, letFinish: true };
    const begun = pool.run('wait', 100, options);
    const waits = pool.run('double', 3, options);
    stop.abort(new Error('gone'));
    await expect(waits).rejects.toThrow('gone');
    expect(await begun).toBe(await pool.run('wait', 100));
  });

  it('rejects what waits when it is closed', async () => {
    open(1);
    const both = Promise.allSettled([pool.run('wait', 60_000), pool.run('double', 1)]);
    await pool.close();
    for (const one of await both) expect(one).toMatchObject({ reason: { code: 'workers-closed' } });
  });
});
