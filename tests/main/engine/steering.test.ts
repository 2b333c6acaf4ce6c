import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createEngine, systemClock, type OpenEngine } from '../../../src-main/engine/engine.ts';
import { programTools } from '../../../src-main/tools/programTools.ts';
import { builtInTools } from '../../../src-main/tools/tools.ts';
import { openPool, type Pool } from '../../../src-main/workers/pool.ts';
import { createClient } from '../../../src-shared/api/client.ts';
import type { ApiOf } from '../../../src-shared/api/call.ts';
import { contract } from '../../../src-shared/api/contract.ts';
import { writeTinyHeads } from '../../fixtures/tinyHeads.ts';

let folder: string;
let pool: Pool;
let engine: OpenEngine;
let api: ApiOf<typeof contract>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steering-'));
  await mkdir(join(folder, 'bin'));
  // Says that it began, and then hangs until it is ended.
  await writeFile(join(folder, 'bin', 'quickshear'), '#!/bin/sh\necho begun\nsleep 600\n');
  await chmod(join(folder, 'bin', 'quickshear'), 0o755);
  await writeTinyHeads(join(folder, 'heads'), ['sub-1', 'sub-2']);
  pool = openPool({ size: 1 });
  engine = await createEngine({
    studyFolder: join(folder, 'study'),
    tools: [...builtInTools, ...programTools],
    workers: pool,
    clock: systemClock,
    software: 'test',
    environment: { ...process.env, PATH: `${join(folder, 'bin')}:/usr/bin:/bin` },
  });
  api = createClient(contract, engine.dispatch);
});
afterAll(async () => {
  await engine.close();
  await pool.close();
  await rm(folder, { recursive: true });
});

it('a paused run begins nothing, and goes on where it was', async () => {
  const { jobId } = await api['runs.start']({ input: join(folder, 'heads'), tools: ['facemask-builtin'] });
  expect(await api['jobs.pause']({ jobId })).toEqual({ paused: true });
  // What was under way comes to its end; then nothing moves.
  await vi.waitFor(async () => expect((await api['jobs.news']({ jobId, after: 0 })).underWay).toEqual([]));
  const before = await api['jobs.news']({ jobId, after: 0 });
  expect(before.paused).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await api['jobs.news']({ jobId, after: 0 })).toEqual(before);
  expect((await api['jobs.list']({})).at(-1)?.state).toBe('running');

  expect(await api['jobs.resume']({ jobId })).toEqual({ resumed: true });
  expect((await api['jobs.wait']({ jobId })).state).toBe('done');
  const after = await api['jobs.news']({ jobId, after: before.last });
  expect(before.steps.length + after.steps.length).toBe(6);
  expect(after).toMatchObject({ paused: false, underWay: [] });
  expect(await api['jobs.resume']({ jobId })).toEqual({ resumed: false });
});

it('a paused run can be stopped', async () => {
  const { jobId } = await api['runs.start']({ tools: ['facemask-builtin'] });
  await api['jobs.pause']({ jobId });
  await api['jobs.cancel']({ jobId });
  expect((await api['jobs.wait']({ jobId })).state).toBe('cancelled');
});

it('one cell is stopped, under way or not begun, and the rest goes on', async () => {
  // In the order in which they are worked on.
  const [first, second] = (await api['scans.list']({}))
    .filter(({ state }) => state === 'ok')
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const { jobId } = await api['runs.start']({ tools: ['quickshear', 'facemask-builtin'] });
  await api['runs.stopCell']({ scanId: second.id, tool: 'quickshear' });
  await vi.waitFor(
    async () =>
      expect((await api['jobs.news']({ jobId, after: 0 })).underWay).toContainEqual(
        expect.objectContaining({ scanId: first.id, step: 'deface quickshear' }),
      ),
    { timeout: 20_000 },
  );
  expect(await api['runs.stopCell']({ scanId: first.id, tool: 'quickshear' })).toEqual({ stopped: true });
  expect((await api['jobs.wait']({ jobId })).state).toBe('done');
  const steps = (await api['jobs.steps']({ jobId })).filter(({ step }) => step === 'deface quickshear');
  expect(steps.map(({ state, code }) => [state, code])).toEqual([
    ['failed', 'cancelled'],
    ['failed', 'cancelled'],
  ]);
  const others = await api['defacings.of']({ scanIds: [first.id, second.id] });
  expect(others.filter(({ tool }) => tool === 'facemask-builtin')).toHaveLength(2);
  expect(others.some(({ tool }) => tool === 'quickshear')).toBe(false);
  const { text } = await api['logs.cell']({ scanId: first.id, tool: 'quickshear' });
  expect(text).toMatch(/cancelled/);
});

it('a program that failed leaves its log, one call away, and every run stays in the archive', async () => {
  await writeFile(join(folder, 'bin', 'quickshear'), '#!/bin/sh\necho something is wrong here\nexit 3\n');
  const { jobId } = await api['runs.start']({ tools: ['quickshear'] });
  await api['jobs.wait']({ jobId });
  const [{ scanId, outcome }] = (await api['defacings.list']({})).filter(({ tool }) => tool === 'quickshear');
  expect(outcome).toBe('tool-failed');
  const log = await api['logs.cell']({ scanId, tool: 'quickshear' });
  expect(log.text).toContain('something is wrong here');
  expect(log).toMatchObject({ leftOut: 0, path: expect.stringMatching(/^logs\/tools\//) as string });

  const archive = await api['jobs.archive']({});
  expect(archive.map(({ state }) => state)).toEqual(['done', 'cancelled', 'done', 'done']);
  expect(archive[2].steps).toEqual({ done: 0, kept: 6, failed: 2 });
});
