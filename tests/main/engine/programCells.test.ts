import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEngine, systemClock, type OpenEngine } from '../../../src-main/engine/engine.ts';
import { readMask } from '../../../src-main/files/readVolume.ts';
import { writeNiftiBytes } from '../../../src-main/files/writeNiftiFile.ts';
import { allTools } from '../../../src-main/tools/allTools.ts';
import { openPool, type Pool } from '../../../src-main/workers/pool.ts';
import { createClient } from '../../../src-shared/api/client.ts';
import { contract, type DefacingRow } from '../../../src-shared/api/contract.ts';
import type { ApiOf } from '../../../src-shared/api/call.ts';
import type { Job } from '../../../src-shared/domain/study.ts';
import { phantomHead } from '../../../src-shared/phantom/phantomHead.ts';
import { resampleMask } from '../../../src-shared/volume/resample.ts';
import { dice } from '../../../src-shared/volume/dice.ts';
import { encodeNifti } from '../../../src-shared/volume/writeNifti.ts';
import { affineOf, identityMatrix, worldTransformOf } from '../../../src-shared/volume/affine.ts';

let folder: string;
let pool: Pool;
let engine: OpenEngine;
let api: ApiOf<typeof contract>;
const standIn = resolve(import.meta.dirname, '../../fixtures/stand-ins/programStandIn.ts');

/** Puts a stand-in of this name on the path, which behaves as told; null takes it away. */
async function install(name: string, behaviour: string | null): Promise<void> {
  const path = join(folder, 'bin', name);
  await rm(path, { force: true });
  if (behaviour === null) return;
  await writeFile(path, `#!/bin/sh\nexec "${process.execPath}" "${standIn}" "${behaviour}" ${name} "$@"\n`);
  await chmod(path, 0o755);
}

async function run(
  tools: string[],
  more: { retry?: boolean; ladder?: boolean; input?: string } = {},
): Promise<Job> {
  const { jobId } = await api['runs.start']({ tools, ...more });
  return api['jobs.wait']({ jobId });
}

async function cells(tool: string): Promise<Record<string, DefacingRow>> {
  const names = new Map((await api['scans.list']({})).map(({ id, modality }) => [id, modality]));
  const rows = (await api['defacings.list']({})).filter((row) => row.tool === tool);
  return Object.fromEntries(rows.map((row) => [names.get(row.scanId) ?? '', row]));
}

/** The FLAIR is the same head moved by 9 mm to the side and 6 mm up: what is right for its mask is known. */
const shift = [9, 0, 6] as const;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cells-'));
  await mkdir(join(folder, 'bin'));
  const heads = join(folder, 'heads');
  for (const contrast of ['T1w', 'FLAIR'] as const) {
    const { volume } = phantomHead({
      seed: 5,
      contrast,
      spacingMm: 3,
      noise: 0.01,
      rotationDeg: [0, 0, 0],
      positionMm: [0, 0, 0],
    });
    const m = [...volume.affine];
    if (contrast === 'FLAIR') for (const [axis, mm] of shift.entries()) m[axis * 4 + 3] += mm;
    const affine = affineOf(m as unknown as typeof volume.affine);
    await writeNiftiBytes(join(heads, `sub-1_${contrast}.nii.gz`), encodeNifti({ ...volume, affine }));
  }
  pool = openPool({ size: 1 });
  engine = await createEngine({
    studyFolder: join(folder, 'study'),
    tools: allTools,
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

it('names a program that is not here, with what mends it, and nothing else stops', async () => {
  const job = await run(['quickshear'], { input: join(folder, 'heads') });
  expect(job.state).toBe('done');
  const { T1w } = await cells('quickshear');
  expect(T1w).toMatchObject({ outcome: 'tool-missing', path: null });
  expect(T1w.reason).toMatch(/pip install quickshear/);
  const listed = (await api['tools.list']({})).find(({ id }) => id === 'quickshear');
  expect(listed).toMatchObject({ available: false, missing: ['quickshear'] });
});

it('tries it again by itself once it is installed, and keeps its log, command and memory', async () => {
  await install('quickshear', 'works');
  expect((await run(['quickshear'])).state).toBe('done');
  const { T1w, FLAIR } = await cells('quickshear');
  expect(T1w.outcome).toBe('done');
  expect(FLAIR.outcome).toBe('done');
  expect(T1w.provenance.command?.[0]).toMatch(/quickshear$/);
  expect(existsSync(join(folder, 'study', T1w.provenance.logPath ?? ''))).toBe(true);
  expect(T1w.features.find(({ feature }) => feature === 'head_loss_pct')?.value).toBeGreaterThan(1);
  expect(existsSync(join(folder, 'study', 'work', `${T1w.scanId}_quickshear`))).toBe(false);
});

it('carries the mask of the T1 to the FLAIR of the same session, where a tool is made for T1', async () => {
  await install('niimath', 'works');
  await run(['niimath']);
  const { T1w, FLAIR } = await cells('niimath');
  expect(T1w.outcome).toBe('done');
  expect(FLAIR.details).toMatchObject({ carriedFrom: T1w.scanId });
  expect(FLAIR.outcome).toBe('done');
  const onT1 = await readMask(join(folder, 'study', T1w.maskPath ?? ''));
  const onFlair = await readMask(join(folder, 'study', FLAIR.maskPath ?? ''));
  const [x, y, z] = shift;
  const back = worldTransformOf(
    [...identityMatrix].map((v, n) => (n % 4 === 3 ? v - [x, y, z][n >> 2] : v)) as never,
  );
  const expected = resampleMask(onT1, { onto: onFlair, targetToSource: back });
  expect(dice(onFlair.bits, expected.bits)).toBeGreaterThan(0.95);
});

it('keeps every cell that is done, and does failed ones again only when told to', async () => {
  await install('niimath', 'exit 0 without output');
  await run(['quickshear', 'niimath']);
  const jobs = await api['jobs.list']({});
  const steps = await api['jobs.steps']({ jobId: jobs[jobs.length - 1].id });
  expect(steps.filter(({ step }) => step.startsWith('deface')).map(({ state }) => state)).toEqual(
    Array(4).fill('kept'),
  );
});

it('climbs the ladder of a tool: its other settings in turn, and says what was tried', async () => {
  await install('quickshear', 'exit 0 without output');
  const { jobId } = await api['runs.start']({
    tools: ['quickshear'],
    settings: { quickshear: { bufferMm: 12 } },
    ladder: true,
  });
  await api['jobs.wait']({ jobId });
  const { T1w } = await cells('quickshear');
  expect(T1w.outcome).toBe('output-missing');
  expect((T1w.details.tried as unknown[]).length).toBeGreaterThan(1);
  await install('quickshear', 'works');
  const settings = { quickshear: { bufferMm: 12 } };
  await api['jobs.wait'](await api['runs.start']({ tools: ['quickshear'], settings }));
  expect((await cells('quickshear')).T1w.outcome).toBe('output-missing');
  await api['jobs.wait'](await api['runs.start']({ tools: ['quickshear'], settings, retry: true }));
  expect((await cells('quickshear')).T1w.outcome).toBe('done');
});
