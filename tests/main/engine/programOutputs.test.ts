import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bestRung } from '../../../src-main/engine/defaceByProgram.ts';
import { createEngine, systemClock, type OpenEngine } from '../../../src-main/engine/engine.ts';
import { readMask, readNifti } from '../../../src-main/files/readVolume.ts';
import { writeNiftiBytes } from '../../../src-main/files/writeNiftiFile.ts';
import { allTools } from '../../../src-main/tools/allTools.ts';
import { openPool, type Pool } from '../../../src-main/workers/pool.ts';
import type { ApiOf } from '../../../src-shared/api/call.ts';
import { createClient } from '../../../src-shared/api/client.ts';
import { contract, type DefacingRow } from '../../../src-shared/api/contract.ts';
import { encodeInt16 } from '../../../src-shared/defacers/encodeInt16.ts';
import { phantomHead } from '../../../src-shared/phantom/phantomHead.ts';
import { encode4d } from '../../fixtures/fourD.ts';

let folder: string;
let pool: Pool;
let engine: OpenEngine;
let api: ApiOf<typeof contract>;
const standIn = resolve(import.meta.dirname, '../../fixtures/stand-ins/programStandIn.ts');

async function install(name: string, behaviour: string): Promise<void> {
  const path = join(folder, 'bin', name);
  await writeFile(path, `#!/bin/sh\nexec "${process.execPath}" "${standIn}" "${behaviour}" ${name} "$@"\n`);
  await chmod(path, 0o755);
}

/** The cells of a tool by the contrast of their scan. */
async function cells(tool: string): Promise<Record<string, DefacingRow>> {
  const names = new Map((await api['scans.list']({})).map(({ id, modality }) => [id, modality]));
  const rows = (await api['defacings.list']({})).filter((row) => row.tool === tool);
  return Object.fromEntries(rows.map((row) => [names.get(row.scanId) ?? '', row]));
}

const inStudy = (path: string | null): string => join(folder, 'study', path ?? '');
const valueOf = (row: DefacingRow | DefacingRow['raw'], id: string): number | null =>
  row?.features.find(({ feature }) => feature === id)?.value ?? null;

/** One head as a T1 of one person, and brighter and darker as the volumes of a 4D file of another. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outputs-'));
  await mkdir(join(folder, 'bin'));
  const { volume } = phantomHead({ seed: 5, spacingMm: 3, noise: 0.01 });
  const whole = { ...volume, values: volume.values.map((value) => Math.round(value)) };
  await writeNiftiBytes(join(folder, 'heads', 'sub-1_T1w.nii.gz'), encodeInt16(whole).bytes);
  await writeNiftiBytes(join(folder, 'heads', 'sub-2_FLAIR.nii.gz'), encode4d(whole, [1, 2, 3]));
  await install('niimath', 'rescales integers');
  await install('@afni_refacer_run', 'replaces the face');
  await install('tcsh', 'works');
  await install('quickshear', 'depends on the buffer');
  pool = openPool({ size: 2 });
  engine = await createEngine({
    studyFolder: join(folder, 'study'),
    tools: allTools,
    workers: pool,
    clock: systemClock,
    software: 'test',
    environment: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, HOME: folder },
  });
  api = createClient(contract, engine.dispatch);
  const { jobId } = await api['runs.start']({
    input: join(folder, 'heads'),
    tools: ['niimath', 'afni-refacer', 'quickshear', 'facemask-builtin', 'pydeface'],
    ladder: true,
    skipMissing: true,
    takeUp4d: true,
  });
  expect(await api['jobs.wait']({ jobId })).toMatchObject({ state: 'done' });
}, 300_000);
afterAll(async () => {
  await engine.close();
  await pool.close();
  await rm(folder, { recursive: true });
});

it('what a program wrote is measured beside what we made of it: rescaling noise alters nearly every voxel', async () => {
  const { T1w } = await cells('niimath');
  expect(T1w.outcome).toBe('done');
  expect(T1w.raw?.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(T1w.raw?.features.map(({ feature }) => feature)).toEqual(T1w.features.map(({ feature }) => feature));
  expect(valueOf(T1w, 'impacted_pct')).toBeLessThan(40);
  expect(valueOf(T1w.raw, 'impacted_pct')).toBeGreaterThan(80);
  const [loss, rawLoss] = [T1w, T1w.raw].map((of) => valueOf(of, 'head_loss_pct') ?? -1);
  expect(Math.abs(loss - rawLoss)).toBeLessThan(3);
  expect((await cells('facemask-builtin')).T1w.raw).toBeNull();
  const table = await readFile(inStudy('derivatives/defaceqa/features_raw.tsv'), 'utf8');
  const [head, ...rows] = table.trimEnd().split('\n');
  expect(head).toMatch(/^scan\tperson\tsession\tmodality\tmethod\traw_sha256\timpacted_voxels/);
  expect(rows.some((row) => row.includes(T1w.raw?.sha256 ?? 'none'))).toBe(true);
  const dictionary = JSON.parse(
    await readFile(inStudy('derivatives/defaceqa/features_raw.json'), 'utf8'),
  ) as object;
  expect(Object.keys(dictionary)).toEqual(head.split('\t'));
});

it('a replaced face is kept as its tool made it, everywhere else the stored bits, and all of it says so', async () => {
  const { T1w } = await cells('afni-refacer');
  expect(T1w).toMatchObject({
    outcome: 'done',
    refaced: true,
    details: { refaced: true, settings: { mode: 'reface' } },
    proof: { keptVoxelsIdentical: true, removedVoxelsEmpty: null, replacedVoxelsAsGiven: true },
  });
  const original = (await readNifti(join(folder, 'heads', 'sub-1_T1w.nii.gz'))).volume();
  const made = await readNifti(inStudy(T1w.path));
  expect(made.header.dtype).toBe('int16');
  const { values } = made.volume();
  const { bits } = await readMask(inStudy(T1w.maskPath));
  let [replaced, other] = [0, 0];
  for (let n = 0; n < bits.length; n++) {
    if (bits[n] === 1 ? values[n] !== 77 : values[n] !== original.values[n]) other++;
    replaced += bits[n];
  }
  expect(other).toBe(0);
  expect(replaced).toBeGreaterThan(1000);
  const sidecar = await readFile(inStudy(T1w.path?.replace('.nii.gz', '.json') ?? ''), 'utf8');
  expect(JSON.parse(sidecar)).toMatchObject({ Refaced: true });
  const table = await readFile(inStudy('derivatives/defaceqa/features.tsv'), 'utf8');
  const column = table.split('\n')[0].split('\t').indexOf('refaced');
  const row = table.split('\n').find((line) => line.includes('T1w') && line.includes('afni-refacer'));
  expect(row?.split('\t')[column]).toBe('yes');
});

it('a 4D file gets one mask for all volumes, and every kept voxel of each its stored bits', async () => {
  const [scan] = (await api['scans.list']({})).filter(({ modality }) => modality === 'FLAIR');
  expect(scan).toMatchObject({ state: 'ok', image: { volumeCount: 3 } });
  const original = await readNifti(scan.path);
  for (const tool of ['facemask-builtin', 'niimath']) {
    const { FLAIR } = await cells(tool);
    expect(FLAIR).toMatchObject({ outcome: 'done', details: { volumes: 3 } });
    const made = await readNifti(inStudy(FLAIR.path));
    expect(made.header).toMatchObject({ volumeCount: 3, dtype: 'int16' });
    const { bits } = await readMask(inStudy(FLAIR.maskPath));
    for (let volume = 0; volume < 3; volume++) {
      const [before, after] = [original.volume(volume).values, made.volume(volume).values];
      let wrong = 0;
      for (let n = 0; n < bits.length; n++) if (after[n] !== (bits[n] === 1 ? 0 : before[n])) wrong++;
      expect(wrong).toBe(0);
    }
    expect(valueOf(FLAIR, 'head_loss_pct')).toBeGreaterThan(1);
  }
});

it('one replaced face is not put into many volumes', async () => {
  const { FLAIR } = await cells('afni-refacer');
  expect(FLAIR).toMatchObject({ outcome: 'done', refaced: false, proof: { removedVoxelsEmpty: true } });
  expect(FLAIR.reason).toMatch(/removed from all of them and not replaced/);
});

it('a tool made for T1 says so on another contrast that has no T1 beside it', async () => {
  const { FLAIR } = await cells('niimath');
  expect(FLAIR.reason).toMatch(/made for T1 images and this one is FLAIR/);
});

it('the best rung of a ladder is kept, not the last, and all are told', async () => {
  const { T1w } = await cells('quickshear');
  expect(T1w.outcome).toBe('brain-cut');
  expect(T1w.details.settings).toEqual({ bufferMm: 5 });
  const tried = T1w.details.tried as { outcome: string; kept: boolean; brainRemovedMl: number }[];
  expect(tried.map(({ outcome, kept }) => [outcome, kept])).toEqual([
    ['brain-cut', false],
    ['brain-cut', true],
    ['nothing-removed', false],
  ]);
  expect(tried[1].brainRemovedMl).toBeLessThan(tried[0].brainRemovedMl);
  expect(T1w.provenance.logPath).toMatch(/_quickshear_2\.log$/);
});

it('the order of rungs is done, brain cut, nothing removed, failures, the first among equals', () => {
  const rung = (outcome: string, brainRemovedMl: number | null = null) => ({
    outcome: outcome as 'done',
    intake: brainRemovedMl === null ? null : ({ facts: { brainRemovedMl } } as never),
  });
  expect(bestRung([rung('timed-out'), rung('nothing-removed'), rung('brain-cut', 9), rung('done', 0)])).toBe(
    3,
  );
  expect(bestRung([rung('brain-cut', 9), rung('brain-cut', 3), rung('brain-cut', 3)])).toBe(1);
  expect(bestRung([rung('tool-failed'), rung('output-missing')])).toBe(0);
});

it('a tool that is not here is left out on request', async () => {
  expect(Object.keys(await cells('pydeface'))).toEqual([]);
});

it('the same anatomy in another file of another person is shown with the other suspicions', async () => {
  const scans = await api['scans.list']({});
  const alike = (await api['scans.suspected']({})).flatMap(({ scanId, suspicions }) =>
    suspicions
      .filter(({ kind }) => kind === 'near-duplicate')
      .map(({ otherScanId }) => [scanId, otherScanId]),
  );
  const [a, b] = scans.map(({ id }) => id);
  expect(alike.toSorted()).toEqual([[a, b], [b, a]].toSorted()); // prettier-ignore
});

it('files not asked for any more go back to their state, and come again when they are', async () => {
  const states = async (): Promise<string[]> => (await api['scans.list']({})).map(({ state }) => state);
  await api['settings.saveStudy']({ settings: {} });
  expect(await states()).toEqual(['ok', '4d']);
  await api['settings.saveStudy']({ settings: { takeUp4d: true } });
  expect(await states()).toEqual(['ok', 'ok']);
});
