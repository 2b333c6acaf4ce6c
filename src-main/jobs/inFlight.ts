type Source<T> = Iterable<T> | AsyncIterable<T>;

/**
 * Calls `work` for each item with at most `most` under way; items are taken from the source only when there is room, so a
 * source of any length needs the memory of `most`. The first failure stops taking, waits for what is under way and throws.
 */
export async function forEachInFlight<T>(
  source: Source<T>,
  most: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  for await (const item of source) {
    if (failures.length > 0) break;
    const one: Promise<void> = work(item)
      .catch((error: unknown) => {
        failures.push(error);
      })
      .finally(() => underWay.delete(one));
    underWay.add(one);
    if (underWay.size >= most) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  if (failures.length > 0) throw failures[0];
}

/** As `forEachInFlight`, but `take` gets the results one by one in the order of the source. */
export async function inOrder<T, Result>(
  source: Source<T>,
  most: number,
  work: (item: T) => Promise<Result>,
  take: (result: Result, item: T) => void | Promise<void>,
): Promise<void> {
  const queue: { item: T; result: Promise<Result> }[] = [];
  const takeFirst = async (): Promise<void> => {
    const first = queue.shift();
    if (first !== undefined) await take(await first.result, first.item);
  };
  try {
    for await (const item of source) {
      const result = work(item);
      // Awaited in its turn; until then a failure must not end the process.
      result.catch(() => undefined);
      queue.push({ item, result });
      if (queue.length >= most) await takeFirst();
    }
    while (queue.length > 0) await takeFirst();
  } finally {
    await Promise.allSettled(queue.map(({ result }) => result));
  }
}
