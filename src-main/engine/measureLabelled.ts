import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { LabelledItem } from '../../src-shared/benchmark/labelledScores.ts';
import type { FeatureNumbers } from '../../src-shared/benchmark/measuredItem.ts';
import { features as measurements } from '../../src-shared/features/features.ts';
import { sha256 } from '../../src-shared/model/sha256.ts';
import type { RemovalItem } from '../files/readRemovalTable.ts';
import { readLines, appendLine } from '../files/jsonLines.ts';
import type { Pool } from '../workers/pool.ts';
import type { MaskedHeadResult } from '../workers/tasks/maskedHead.ts';

export interface MeasuredLabels {
  /** Rows that can be scored, in the order of the table. */
  readonly items: readonly LabelledItem[];
  /** Rows that cannot, and why. */
  readonly leftOut: readonly { readonly mask: string; readonly reason: string }[];
  readonly heads: readonly {
    readonly head: string;
    readonly registered: boolean;
    readonly brainPlausible: boolean;
    readonly brainMl: number | null;
  }[];
}

/** Of the files as they are now, by place, size and time, and of the measurements. */
export async function keyOf(paths: readonly string[], versions: readonly string[]): Promise<string> {
  const files = await Promise.all(
    paths.map(async (path) => {
      const found = await stat(path).catch(() => null);
      return [resolve(path), found?.size ?? null, found?.mtimeMs ?? null];
    }),
  );
  return sha256(JSON.stringify([files, versions]));
}

interface HeadLine {
  readonly key: string;
  readonly head: string;
  readonly result: MaskedHeadResult;
}

/**
 * Applies every removal mask of a table to its head and measures it, head after head in the threads. What was measured lies
 * in `folder` and is not measured again. A row that cannot be used is told and the rest goes on.
 */
export async function measureLabelled(
  rows: readonly RemovalItem[],
  {
    pool,
    folder,
    report,
    signal,
  }: {
    readonly pool: Pool;
    readonly folder: string;
    readonly report: (done: number, total: number, message: string) => void;
    readonly signal?: AbortSignal;
  },
): Promise<MeasuredLabels> {
  const path = join(folder, 'labelled-heads.jsonl');
  const heads = [...new Set(rows.map(({ headPath }) => headPath))];
  const versions = measurements.map(({ id, version }) => `${id} ${String(version)}`);
  const known = new Map((await readLines<HeadLine>(path)).map((line) => [line.key, line.result]));
  const results = new Map<string, MaskedHeadResult>();
  const failed = new Map<string, string>();
  let done = 0;
  await Promise.all(
    heads.map(async (headPath) => {
      const own = rows.filter((row) => row.headPath === headPath && row.verdict !== null);
      const key = await keyOf([headPath, ...own.map(({ maskPath }) => maskPath)], versions);
      let result = known.get(key);
      if (result === undefined && own.length > 0) {
        try {
          result = (await pool.run(
            'maskedHead',
            { headPath, maskPaths: own.map(({ maskPath }) => maskPath) },
            signal === undefined ? {} : { signal },
          )) as MaskedHeadResult;
          await appendLine(path, { key, head: own[0].head, result } satisfies HeadLine);
        } catch (error) {
          signal?.throwIfAborted();
          failed.set(headPath, error instanceof Error ? error.message : String(error));
        }
      }
      if (result !== undefined) results.set(headPath, result);
      report(++done, heads.length, `head ${own[0]?.head ?? ''}`);
    }),
  );
  const items: LabelledItem[] = [];
  const leftOut: { mask: string; reason: string }[] = [];
  for (const row of rows) {
    const { head, mask, verdict, borderline, headPath, maskPath } = row;
    if (verdict === null) {
      leftOut.push({ mask, reason: 'The rater could not judge it.' });
      continue;
    }
    const found = results.get(headPath)?.masks.find(({ path: at }) => at === maskPath);
    const features: FeatureNumbers | null =
      found !== undefined && 'features' in found ? found.features : null;
    if (features === null) {
      const reason =
        found !== undefined && 'problem' in found ? found.problem.message : (failed.get(headPath) ?? '');
      leftOut.push({ mask, reason });
    } else items.push({ head, mask, verdict, borderline, features });
  }
  return {
    items,
    leftOut,
    heads: heads.flatMap((headPath) => {
      const result = results.get(headPath);
      const head = rows.find((row) => row.headPath === headPath)?.head ?? '';
      return result === undefined
        ? []
        : [
            {
              head,
              registered: result.registered,
              brainPlausible: result.brainPlausible,
              brainMl: result.brainMl,
            },
          ];
    }),
  };
}
