import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEngine, systemClock, type OpenEngine } from '../../../src-main/engine/engine.ts';
import { openPool, type Pool } from '../../../src-main/workers/pool.ts';
import { createClient } from '../../../src-shared/api/client.ts';
import type { ApiOf } from '../../../src-shared/api/call.ts';
import { contract } from '../../../src-shared/api/contract.ts';
import { affineOf } from '../../../src-shared/volume/affine.ts';
import { encodeNifti } from '../../../src-shared/volume/writeNifti.ts';
import { describeWithShared, sharedPath } from '../../fixtures/shared.ts';
import { startXnatStandIn, type XnatStandIn } from '../../fixtures/stand-ins/xnatServer.ts';
import { writeTinyHeads } from '../../fixtures/tinyHeads.ts';

let folder: string;
let pool: Pool;
let engine: OpenEngine;
let api: ApiOf<typeof contract>;
let study: string;

async function openStudy(): Promise<void> {
  engine = await createEngine({
    studyFolder: study,
    tools: [],
    workers: pool,
    clock: systemClock,
    software: 'test',
  });
  api = createClient(contract, engine.dispatch);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ways-in-'));
  pool = openPool({ size: 2 });
});
beforeEach(async () => {
  study = await mkdtemp(join(folder, 'study-'));
  await openStudy();
  return () => engine.close();
});
afterAll(async () => {
  await pool.close();
  await rm(folder, { recursive: true });
});

const ended = async ({ jobId }: { jobId: number }): Promise<string> =>
  (await api['jobs.wait']({ jobId })).state;

describe('a folder', () => {
  let heads: string;
  beforeAll(async () => {
    heads = join(folder, 'heads');
    await writeTinyHeads(heads, ['anna', 'sub-2']);
    await copyFile(join(heads, 'anna_T1w.nii.gz'), join(heads, 'zz_copy.nii.gz'));
    await writeFile(join(heads, 'broken.nii.gz'), 'no image');
  });

  it('is shown whole before anything is taken, suspicions included', async () => {
    expect(await ended(await api['imports.look']({ input: heads }))).toBe('done');
    const found = await api['imports.found']({ files: 0, suspected: 0 });
    const states = Object.fromEntries(
      (found?.files ?? []).map(({ relativePath, state, duplicateOf }) => [
        relativePath,
        [state, duplicateOf],
      ]),
    );
    expect(states).toMatchObject({
      'anna_T1w.nii.gz': ['ok', null],
      'broken.nii.gz': ['unreadable', null],
      'sub-2_T1w.nii.gz': ['ok', null],
      'zz_copy.nii.gz': ['duplicate', 'anna_T1w.nii.gz'],
    });
    expect(found?.phase).toBe('done');
    expect(found?.suspected.map(({ relativePath }) => relativePath).toSorted()).toEqual([
      'anna_T1w.nii.gz',
      'sub-2_T1w.nii.gz',
    ]);
    expect(await api['scans.list']({})).toEqual([]);
    const more = await api['imports.found']({ files: found?.counts.files ?? 0, suspected: 0 });
    expect(more?.files).toEqual([]);
  });

  it('is taken as the person said, once and for later imports', async () => {
    await ended(await api['imports.look']({ input: heads }));
    const job = await api['imports.take']({
      changes: [
        { relativePath: 'anna_T1w.nii.gz', person: 'P7', session: 'a', modality: 'FLAIR' },
        { relativePath: 'sub-2_T1w.nii.gz', leaveOut: true },
        { relativePath: '../elsewhere.nii.gz', person: 'nobody' },
      ],
    });
    expect(await ended(job)).toBe('done');
    const rows = async () =>
      Object.fromEntries((await api['scans.list']({})).map((scan) => [scan.relativePath, scan]));
    expect((await rows())['anna_T1w.nii.gz']).toMatchObject({
      ...{ person: 'P7', session: 'a', modality: 'FLAIR', modalityFrom: 'given', name: 'sub-P7_ses-a_FLAIR' },
      state: 'ok',
    });
    expect(Object.keys(await rows())).not.toContain('sub-2_T1w.nii.gz');
    expect(await api['scans.passedOver']({})).toContainEqual(
      expect.objectContaining({ relativePath: 'sub-2_T1w.nii.gz', reason: 'left-out' }),
    );
    expect(await api['imports.found']({ files: 0, suspected: 0 })).toBeNull();

    expect(await ended(await api['imports.start']({ input: heads }))).toBe('done');
    expect((await rows())['anna_T1w.nii.gz']).toMatchObject({ person: 'P7', modality: 'FLAIR' });
    // Said again of a file that is known: the row follows, its name stays.
    await ended(await api['imports.look']({ input: heads }));
    await ended(await api['imports.take']({ changes: [{ relativePath: 'anna_T1w.nii.gz', person: 'P8' }] }));
    expect((await rows())['anna_T1w.nii.gz']).toMatchObject({ person: 'P8', name: 'sub-P7_ses-a_FLAIR' });
  });

  it('is refused with a sentence where none was looked through', async () => {
    await expect(api['imports.take']({ changes: [] })).rejects.toMatchObject({ code: 'nothing-looked-at' });
  });
});

describeWithShared('a folder of DICOM', () => {
  it('is a table first, then the chosen series are images and scans without a name', async () => {
    const input = join(folder, 'dicom');
    await mkdir(input, { recursive: true });
    await copyFile(sharedPath('data', 'heads', 'dicom_t1_2dsag_hfs.zip'), join(input, 'a.zip'));
    expect(await ended(await api['dicom.look']({ folder: input }))).toBe('done');
    const [series] = (await api['dicom.found']({}))?.series ?? [];
    expect(series).toMatchObject({ modality: 'T1w', files: 35, unusable: null });
    expect(await api['scans.list']({})).toEqual([]);
    expect(existsSync(join(study, '.unpacked'))).toBe(false);

    await expect(api['dicom.convert']({ seriesKeys: ['none'] })).rejects.toMatchObject({ code: 'no-series' });
    expect(await ended(await api['dicom.convert']({ seriesKeys: [series.seriesKey] }))).toBe('done');
    expect((await api['dicom.found']({}))?.results).toEqual([
      { seriesKey: series.seriesKey, outcome: 'done', reason: '', images: 1 },
    ]);
    const [scan] = await api['scans.list']({});
    expect(scan).toMatchObject({ state: 'ok', modality: 'T1w', person: series.personKey });
    expect(existsSync(join(study, '.unpacked'))).toBe(false);
    expect(JSON.stringify(scan)).not.toMatch(/crlab/i);
  });
});

describe('an XNAT server', () => {
  let server: XnatStandIn;
  const image = encodeNifti({
    shape: [24, 24, 24],
    affine: affineOf([4, 0, 0, -48, 0, 4, 0, -48, 0, 0, 4, -48]),
    values: Float32Array.from({ length: 24 ** 3 }, (_, n) => n % 97),
  });
  beforeAll(async () => {
    const scan = { type: 't1_mprage', description: 't1 mprage', tr: '2300.0', te: '2.9' };
    server = await startXnatStandIn({
      user: 'reader',
      password: 'pass:word',
      subjects: [
        {
          id: 'Mueller_Hans',
          gender: 'male',
          age: '44',
          sessions: [
            {
              id: 'XNAT_E00001',
              scans: [
                { ...scan, id: '3', resources: { NIFTI: { 'Mueller.nii': image } } },
                { ...scan, id: '4', description: 'flair', resources: {} },
              ],
            },
          ],
        },
      ],
    });
    return () => server.close();
  });
  const login = (): Promise<null> =>
    api['xnat.login']({ url: server.url, user: 'reader', password: 'pass:word' });

  it('is not spoken to until a person allows it', async () => {
    await expect(login()).rejects.toMatchObject({ code: 'xnat-off' });
    expect(server.asked).toEqual([]);
    await api['xnat.allow']({ allowed: true });
    await expect(api['xnat.projects']({})).rejects.toMatchObject({ code: 'xnat-signed-out' });
    expect(server.asked).toEqual([]);
  });

  it('gives projects, a table, and the chosen scans without their names; the password is nowhere', async () => {
    await api['xnat.allow']({ allowed: true });
    await login();
    expect(await api['xnat.state']({})).toEqual({ allowed: true, url: server.url, user: 'reader' });
    const [project] = await api['xnat.projects']({});
    expect(await ended(await api['xnat.look']({ project: project.id }))).toBe('done');
    const table = await api['xnat.found']({});
    expect(table?.series.map(({ unusable }) => unusable === null)).toEqual([true, false]);
    const [{ seriesKey, personKey }] = table?.series ?? [];
    expect(await ended(await api['xnat.fetch']({ seriesKeys: [seriesKey] }))).toBe('done');
    expect((await api['xnat.found']({}))?.results).toMatchObject([{ seriesKey, outcome: 'done', images: 1 }]);
    expect(await api['scans.list']({})).toMatchObject([{ person: personKey, modality: 'T1w' }]);

    const again = await api['xnat.fetch']({ seriesKeys: [seriesKey] });
    expect(await ended(again)).toBe('done');
    expect((await api['xnat.found']({}))?.results).toMatchObject([{ outcome: 'kept' }]);

    expect(server.openSessions()).toBe(1);
    await api['xnat.allow']({ allowed: false });
    expect(server.openSessions()).toBe(0);
    await engine.close();
    for (const entry of await readdir(study, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const bytes = await readFile(join(entry.parentPath, entry.name), 'latin1');
      expect(bytes.includes('pass:word'), entry.name).toBe(false);
      expect(`${entry.name} ${bytes}`, entry.name).not.toMatch(/Mueller/);
    }
    await openStudy();
  });

  it('is left when the study closes, and a session that it ended is said', async () => {
    await api['xnat.allow']({ allowed: true });
    await login();
    server.faults.expireAfter = 0;
    await expect(api['xnat.projects']({})).rejects.toMatchObject({ code: 'xnat-session-expired' });
    server.faults.expireAfter = null;
    expect((await api['xnat.state']({})).user).toBeNull();
    await login();
    expect(server.openSessions()).toBe(1);
    await engine.close();
    expect(server.openSessions()).toBe(0);
    await openStudy();
  });
});
