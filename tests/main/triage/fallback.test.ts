import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine, systemClock, type OpenEngine } from '../../../src-main/engine/engine.ts';
import { builtInTools } from '../../../src-main/tools/tools.ts';
import { openPool } from '../../../src-main/workers/pool.ts';
import type { ApiOf } from '../../../src-shared/api/call.ts';
import { createClient } from '../../../src-shared/api/client.ts';
import { contract } from '../../../src-shared/api/contract.ts';
import { writeTinyHeads } from '../../fixtures/tinyHeads.ts';

describe('the fallback chain', () => {
  const folder = mkdtempSync(join(tmpdir(), 'defaceqa-fallback-'));
  const workers = openPool({ size: 2 });
  let engine: OpenEngine;
  let api: ApiOf<typeof contract>;
  const done = async ({ jobId }: { jobId: number }): Promise<void> => {
    expect((await api['jobs.wait']({ jobId })).error).toBeNull();
  };
  const made = async () =>
    new Map(
      (await api['defacings.list']({})).map((row) => [`${names.get(row.scanId) ?? ''} ${row.tool}`, row]),
    );
  let names: ReadonlyMap<string, string>;
  const choice = async (scan: string) =>
    (await api['choices.list']({})).find((each) => each.scan === `${scan}_T1w`);
  async function say(scan: string, tool: string, verdict: 1 | 2 | 3): Promise<void> {
    const defacingId = (await made()).get(`${scan}_T1w ${tool}`)?.id ?? '';
    await api['triage.review']({ defacingId, verdict, brainCut: false, name: 'A. Berger' });
  }
  const steps = [{ tool: 'quickshear-builtin', settings: { bufferMm: 5 } }, { tool: 'facemask-builtin' }];

  beforeAll(async () => {
    const input = join(folder, 'heads');
    await writeTinyHeads(input, ['sub-1', 'sub-2']);
    const options = { studyFolder: join(folder, 'study'), tools: builtInTools, workers, clock: systemClock };
    engine = await createEngine({ ...options, software: 'test' });
    api = createClient(contract, engine.dispatch);
    // So far from the brain that the face stays.
    const settings = { 'quickshear-builtin': { bufferMm: 45 } };
    await done(await api['runs.start']({ input, tools: ['quickshear-builtin'], settings }));
    names = new Map((await api['scans.list']({})).map(({ id, name }) => [id, name]));
    await say('sub-1', 'quickshear-builtin', 3);
  });
  afterAll(async () => {
    await engine.close();
    await workers.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('tells what failed from what waits', async () => {
    const states = (await api['choices.list']({})).map(({ scan, state }) => `${scan} ${state}`);
    expect(states).toEqual(['sub-1_T1w failed', 'sub-2_T1w waits']);
  });

  it('runs a stricter setting on what failed and on nothing else, and asks people again', async () => {
    const before = await made();
    await done(await api['choices.fallback']({ steps }));
    const after = await made();
    const settingsOf = (rows: typeof before, scan: string): unknown =>
      rows.get(`${scan}_T1w quickshear-builtin`)?.provenance.settings;
    expect(settingsOf(before, 'sub-1')).toEqual({ bufferMm: 45 });
    expect(settingsOf(after, 'sub-1')).toEqual({ bufferMm: 5 });
    const loss = (rows: typeof before): number =>
      rows.get('sub-1_T1w quickshear-builtin')?.features.find(({ feature }) => feature === 'head_loss_pct')
        ?.value ?? NaN;
    expect(loss(after)).toBeGreaterThan(loss(before) + 1);
    expect(settingsOf(after, 'sub-2')).toEqual({ bufferMm: 45 });
    // The verdict was on another image, so this one waits, and the next tool is not needed yet.
    expect(await choice('sub-1')).toMatchObject({ state: 'waits', used: null });
    expect([...after.keys()].some((cell) => cell.endsWith('facemask-builtin'))).toBe(false);
  });

  it('goes on to the next tool where that failed too', async () => {
    await say('sub-1', 'quickshear-builtin', 3);
    await done(await api['choices.fallback']({ steps }));
    const after = await made();
    expect([...after.keys()].filter((cell) => cell.endsWith('facemask-builtin'))).toEqual([
      'sub-1_T1w facemask-builtin',
    ]);
    await say('sub-1', 'facemask-builtin', 2);
    expect(await choice('sub-1')).toMatchObject({
      state: 'passes',
      used: after.get('sub-1_T1w facemask-builtin')?.id,
    });
  });

  it('takes what waits along when that is asked for', async () => {
    await done(await api['choices.fallback']({ steps: steps.slice(1), alsoWaiting: true }));
    const cells = [...(await made()).keys()].filter((cell) => cell.endsWith('facemask-builtin'));
    expect(cells.sort()).toEqual(['sub-1_T1w facemask-builtin', 'sub-2_T1w facemask-builtin']);
  });
});
