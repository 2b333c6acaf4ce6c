import { describe, expect, it } from 'vitest';
import { forEachInFlight, inOrder } from '../../../src-main/jobs/inFlight.ts';

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('work in flight', () => {
  it('takes from the source only when there is room', async () => {
    let taken = 0;
    let [underWay, most] = [0, 0];
    let ahead = 0;
    function* source(): Generator<number> {
      for (; taken < 200;) yield taken++;
    }
    let done = 0;
    await forEachInFlight(source(), 3, async () => {
      underWay++;
      most = Math.max(most, underWay);
      ahead = Math.max(ahead, taken - done);
      await later(1);
      underWay--;
      done++;
    });
    expect([done, most]).toEqual([200, 3]);
    expect(ahead).toBeLessThanOrEqual(4);
  });

  it('stops at the first failure, after what is under way has ended', async () => {
    const ended: number[] = [];
    const run = forEachInFlight([0, 1, 2, 3, 4, 5], 2, async (n) => {
      await later(n === 0 ? 20 : 1);
      if (n === 1) throw new Error('one failed');
      ended.push(n);
    });
    await expect(run).rejects.toThrow('one failed');
    expect(ended).toContain(0);
    expect(ended).not.toContain(5);
  });

  it('hands results on in the order of the source, whichever is ready first', async () => {
    const got: number[] = [];
    await inOrder(
      [5, 1, 4, 2],
      3,
      async (ms) => {
        await later(4 * ms);
        return ms;
      },
      (result) => void got.push(result),
    );
    expect(got).toEqual([5, 1, 4, 2]);
  });
});
