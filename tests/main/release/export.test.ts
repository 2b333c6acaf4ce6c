import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenEngine } from '../../../src-main/engine/engine.ts';
import { filesBelow, readBack } from '../../../src-main/release/readBack.ts';
import { openPool } from '../../../src-main/workers/pool.ts';
import type { ApiOf } from '../../../src-shared/api/call.ts';
import { createClient } from '../../../src-shared/api/client.ts';
import { contract } from '../../../src-shared/api/contract.ts';
import { identityTokens } from '../../../src-shared/release/identityTokens.ts';
import { parseNiftiImage } from '../../../src-shared/volume/nifti.ts';
import { describeIf } from '../../fixtures/shared.ts';
import {
  giveLabels,
  gzipWithName,
  openTestEngine,
  plantedName,
  withNames,
  writePlantedHeads,
} from './plantedStudy.ts';

const folder = mkdtempSync(join(tmpdir(), 'defaceqa-export-'));
const study = join(folder, 'study');
const workers = openPool({ size: 2 });
const validator = process.env.DEFACEQA_BIDS_VALIDATOR ?? null;
let engine: OpenEngine;
let api: ApiOf<typeof contract>;
const names = /meier|hans|0041873|19310203|nowhere/i;

beforeAll(async () => {
  await mkdir(join(folder, 'heads'));
  await writePlantedHeads(join(folder, 'heads'));
  engine = await openTestEngine(study, workers, validator);
  api = createClient(contract, engine.dispatch);
  const { jobId } = await api['runs.start']({ input: join(folder, 'heads'), tools: ['quickshear-builtin'] });
  expect((await api['jobs.wait']({ jobId })).state).toBe('done');
}, 60_000);
afterAll(async () => {
  await engine.close();
  await workers.close();
  rmSync(folder, { recursive: true, force: true });
});

async function exported(
  name: string,
  options: Parameters<(typeof api)['exports.preview']>[0],
): Promise<string> {
  const out = join(folder, name);
  const { jobId } = await api['exports.start']({ folder: out, options });
  expect((await api['jobs.wait']({ jobId })).error).toBeNull();
  return out;
}

/** Everything an export says: paths, texts, and headers as text. */
async function everything(out: string): Promise<string> {
  const parts: string[] = [];
  for (const path of await filesBelow(out)) {
    const bytes = readFileSync(join(out, path));
    const head = path.endsWith('.nii.gz') ? Buffer.concat([bytes.subarray(0, 64), gunzipSync(bytes).subarray(0, 420), gunzipSync(bytes).subarray(-200)]) : bytes; // prettier-ignore
    parts.push(path, head.toString('latin1'));
  }
  return parts.join('\n');
}

describe('an export', () => {
  it('lets nothing out that nobody rated, and says so of each defacing', async () => {
    const { write, heldBack } = await api['exports.preview']({ criterion: 'lenient' });
    expect(write).toEqual([]);
    expect(heldBack.map(({ reasons }) => reasons.map(({ code }) => code))).toContainEqual(['not-rated']);
    const { jobId } = await api['exports.start']({
      folder: join(folder, 'none'),
      options: { criterion: 'lenient' },
    });
    expect((await api['jobs.wait']({ jobId })).error?.code).toBe('export-empty');
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });

  it('holds back a name in a file name, and what the label or nobody lets out', async () => {
    giveLabels(study, (_, scan) => (scan === 'sub-03_T1w' ? 1 : 0));
    const { write, heldBack } = await api['exports.preview']({ criterion: 'lenient' });
    expect(write.map(({ scan }) => scan)).toEqual(['sub-01_T1w']);
    const why = Object.fromEntries(
      heldBack.map(({ scan, reasons }) => [scan, reasons.map(({ code }) => code)]),
    );
    expect(why['sub-HansMeier_T1w']).toEqual(['name-in-file-name', 'label-not-a-code']);
    expect(why['sub-03_T1w']).toEqual(['insufficient']);
  });

  it('carries no planted name: not in descrip, aux_file, an extension, a sidecar, a file name or the gzip header', async () => {
    const before = await readFile(join(folder, 'heads', 'sub-01_T1w.nii.gz'));
    const out = await exported('bids', { criterion: 'lenient', labelling: 'new', normalise: 'white-stripe', oneMillimetre: true }); // prettier-ignore
    expect(await everything(out)).not.toMatch(names);
    expect(readFileSync(join(out, 'participants.tsv'), 'utf8')).toContain('89+');
    // The original is as it was, names and all.
    expect(Buffer.compare(await readFile(join(folder, 'heads', 'sub-01_T1w.nii.gz')), before)).toBe(0);
  });

  it('keeps every stored voxel of the defacing in the study', async () => {
    const [{ paths, defacingId }] = (await api['exports.preview']({ criterion: 'lenient', labelling: 'new' }))
      .write;
    const source = (await api['defacings.list']({})).find(({ id }) => id === defacingId)?.path ?? '';
    const inStudy = parseNiftiImage(gunzipSync(readFileSync(join(study, source))));
    const outside = parseNiftiImage(gunzipSync(readFileSync(join(folder, 'bids', paths[0]))));
    expect(Buffer.compare(Buffer.from(outside.stored), Buffer.from(inStudy.stored))).toBe(0);
    expect(outside.header.grid).toEqual(inStudy.header.grid);
  });

  it('has a manifest that holds for every other file', () => {
    const lines = readFileSync(join(folder, 'bids', 'manifest-sha256.txt'), 'utf8')
      .trim()
      .split('\n');
    const all = execFileSync('sha256sum', ['-c', '--quiet', 'manifest-sha256.txt'], {
      cwd: join(folder, 'bids'),
    });
    expect(String(all)).toBe('');
    expect(lines.length).toBe(readdirSync(join(folder, 'bids'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length - 1); // prettier-ignore
  });

  it('lets out what a named person accepts, with name and reason on record, until the image is another', async () => {
    const rows = await api['defacings.list']({});
    const scans = await api['scans.list']({});
    const third = scans.find(({ name }) => name === 'sub-03_T1w')?.id;
    const defacing = rows.find(({ scanId }) => scanId === third);
    await api['exports.accept']({
      defacingIds: [defacing?.id ?? ''],
      criterion: 'lenient',
      name: 'A. Berger',
      reason: 'seen in 3D, nothing left',
    });
    const { write } = await api['exports.preview']({ criterion: 'lenient' });
    expect(write.find(({ scan }) => scan === 'sub-03_T1w')).toMatchObject({
      by: 'acceptance',
      acceptedBy: 'A. Berger',
    });
    expect((await api['exports.preview']({ criterion: 'strict' })).write.map(({ scan }) => scan)).not.toContain('sub-03_T1w'); // prettier-ignore
  });

  it('as a plain folder bears the name of the tool behind each name', async () => {
    const out = await exported('plain', { criterion: 'lenient', layout: 'plain' });
    expect(readdirSync(out).filter((name) => name.endsWith('.gz'))).toEqual([
      'sub-01_T1w_quickshearbuiltin.nii.gz',
      'sub-03_T1w_quickshearbuiltin.nii.gz',
    ]);
    expect(await everything(out)).not.toMatch(names);
  });

  it('is not written over anything, nor into the study', async () => {
    for (const [target, code] of [
      [join(folder, 'bids'), 'export-folder-used'],
      [join(study, 'share'), 'export-inside-study'],
    ]) {
      const { jobId } = await api['exports.start']({ folder: target, options: { criterion: 'lenient', labelling: 'new' } }); // prettier-ignore
      expect((await api['jobs.wait']({ jobId })).error?.code).toBe(code);
    }
    expect(existsSync(join(study, 'share'))).toBe(false);
  });

  it('is absent when a defaced file of the study is not as it was written, and nothing lies beside it', async () => {
    const path = join(study, (await api['defacings.list']({}))[0].path ?? '');
    const good = readFileSync(path);
    const changed = Buffer.from(good);
    changed[changed.length - 9] ^= 1;
    await writeFile(path, changed);
    const { jobId } = await api['exports.start']({ folder: join(folder, 'spoiled'), options: { criterion: 'lenient', labelling: 'new' } }); // prettier-ignore
    expect((await api['jobs.wait']({ jobId })).error?.code).toBe('export-source-changed');
    await writeFile(path, good);
    expect(readdirSync(folder).filter((name) => name.includes('spoiled'))).toEqual([]);
  });

  it('stands in the log that is chained', async () => {
    const list = await api['exports.list']({});
    expect(list.map(({ options }) => options.layout)).toEqual(['bids', 'plain']);
    expect(list[0].manifestSha256).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('what is read back before an export is put in place', () => {
  const tokens = identityTokens([{ kind: 'PatientName', text: plantedName, names: true }]);
  const place = join(folder, 'planted');
  const clean = (): Buffer => gunzipSync(readFileSync(join(folder, 'bids', readdirSync(join(folder, 'bids'), { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('_T1w.nii.gz')) ?? ''))); // prettier-ignore
  const silent = (bytes: Uint8Array): Buffer => {
    const packed = gzipSync(bytes);
    packed.writeUInt32LE(0, 4);
    return packed;
  };
  const cases: readonly (readonly [string, string, () => Buffer | string])[] = [
    ['header', 'a.nii.gz', () => silent(withNames(clean(), plantedName))],
    ['gzip header', 'a.nii.gz', () => gzipWithName(clean(), plantedName)],
    ['behind the voxels', 'a.nii.gz', () => silent(Buffer.concat([clean(), Buffer.from(plantedName)]))],
    ['file name', 'sub-meier_T1w.nii.gz', () => silent(clean())],
    ['text', 'sub-1/a.json', () => JSON.stringify({ Comment: 'scan of Hans' })],
    ['text', 'participants.tsv', () => 'participant_id\tnote\nsub-1\tMeier\n'],
    ['text', 'sub-1/a.json', () => JSON.stringify({ When: '2019-04-12' })],
  ];
  it.each(cases)('a name in the %s of %s is found', async (where, path, content) => {
    rmSync(place, { recursive: true, force: true });
    await mkdir(join(place, 'sub-1'), { recursive: true });
    await writeFile(join(place, path), content());
    expect((await readBack(place, tokens)).map((leak) => leak.place)).toContain(where);
  });
});

describeIf(
  validator !== null,
  'no BIDS validator here (DEFACEQA_BIDS_VALIDATOR names it)',
  'the BIDS validator on an export',
  () => {
    it('finds no error, and every warning is explained', async () => {
      const [first] = await api['exports.list']({});
      expect(first.validator?.version).toBe('3.0.2');
      expect(first.validator?.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(first.validator?.findings.filter(({ explained }) => explained === null)).toEqual([]);
    });
  },
);

const nibabel = process.env.DEFACEQA_NIBABEL_PYTHON ?? null;
describeIf(
  nibabel !== null,
  'no nibabel here (DEFACEQA_NIBABEL_PYTHON names a Python)',
  'nibabel on an export',
  () => {
    it('reads every image, with nothing in its header', () => {
      const script = `
import sys, pathlib, nibabel
for path in sorted(pathlib.Path(sys.argv[1]).rglob('*.nii.gz')):
    image = nibabel.load(path)
    header = image.header
    assert image.get_fdata().size > 0
    for field in ('descrip', 'aux_file', 'intent_name', 'db_name', 'data_type'):
        assert not bytes(header[field]).strip(b'\\x00'), (path.name, field)
    assert len(header.extensions) == 0
    print(path.name, image.shape, nibabel.aff2axcodes(image.affine))
`;
      const text = execFileSync(nibabel ?? '', ['-c', script, join(folder, 'bids')], { encoding: 'utf8' });
      expect(text.trim().split('\n').length).toBe(8);
      expect(text).toMatch(/res-1mm.*\('R', 'A', 'S'\)/);
    });
  },
);
