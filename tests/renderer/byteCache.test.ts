import { expect, it } from 'vitest';
import { ByteCache, type Fetched } from '../../src-renderer/client/byteCache.ts';

/** Answers when the test says so, and tells what was asked for and given up. */
function heldFetch() {
  const asked = new Map<string, { answer: () => void; signal: AbortSignal | undefined }>();
  const fetch = (name: string, signal?: AbortSignal): Promise<Fetched | null> =>
    new Promise((resolve, reject) => {
      asked.set(name, { answer: () => resolve({ buffer: new ArrayBuffer(8), facts: { name } }), signal });
      signal?.addEventListener('abort', () => reject(new Error('given up')));
    });
  return { asked, fetch };
}

it('asks once for what is wanted twice', async () => {
  const { asked, fetch } = heldFetch();
  const cache = new ByteCache(fetch);
  const [first, second] = [cache.get('a'), cache.get('a')];
  asked.get('a')?.answer();
  expect(await first).toBe(await second);
  expect(asked.size).toBe(1);
});

it('gives up what has not come when something else is wanted, and asks again when it is wanted after all', async () => {
  const { asked, fetch } = heldFetch();
  const cache = new ByteCache(fetch);
  const came = cache.get('came');
  asked.get('came')?.answer();
  await came;
  const late = cache.get('late');
  const wanted = cache.get('wanted');
  cache.abandon(['wanted']);
  await expect(late).rejects.toThrow('given up');
  expect(asked.get('wanted')?.signal?.aborted).toBe(false);
  const again = cache.get('late');
  asked.get('late')?.answer();
  asked.get('wanted')?.answer();
  expect((await again)?.facts).toEqual({ name: 'late' });
  expect((await wanted)?.facts).toEqual({ name: 'wanted' });
  asked.delete('came');
  await cache.get('came');
  expect(asked.has('came')).toBe(false);
});
