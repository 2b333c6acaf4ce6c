import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inspectFile, type Inspected } from '../../../src-main/files/inspectFile.ts';
import { listCandidates, type Candidate, type Skipped } from '../../../src-main/files/listCandidates.ts';
import { readPeople } from '../../../src-main/files/readPeople.ts';
import { readError } from '../../../src-main/files/readBytes.ts';
import { duplicateOf } from '../../../src-shared/domain/duplicates.ts';
import { niftiBytes, voxelBytes, type Made } from '../../shared/volume/niftiBytes.ts';
import { emptyFolder } from './folder.ts';

const dims = [3, 20, 20, 20];
const srow = [4, 0, 0, -38, 0, 4, 0, -38, 0, 0, 4, -38];
const values = Array.from({ length: 8000 }, (_, n) => (n * 37) % 211);
const head = (made: Made = {}): Uint8Array =>
  niftiBytes({ dims, srow, pixdim: [1, 4, 4, 4], values, ...made });

async function listed(folder: string): Promise<(Candidate | Skipped)[]> {
  return Array.fromAsync(listCandidates(folder));
}
const pathsOf = (found: (Candidate | Skipped)[]): string[] =>
  found.map((one) => (one.kind === 'file' ? one.relativePath : `${one.relativePath} (${one.reason})`));

async function put(folder: string, name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  return path;
}

async function inspected(bytes: Uint8Array | string, name = 'scan.nii'): Promise<Inspected> {
  const folder = await emptyFolder();
  const path = await put(folder, name, bytes);
  return inspectFile({ kind: 'file', path, relativePath: name, bytes: bytes.length });
}

describe('walking a folder', () => {
  it('finds images by name only, numbers in their order, and says what it passed over', async () => {
    const folder = await emptyFolder();
    for (const name of [
      'sub-10/a.nii.gz',
      'sub-2/b.nii',
      'c.hdr',
      'c.img',
      'notes.txt',
      'x.json',
      '.d.nii',
      '.git/e.nii',
      'derivatives/f.nii',
    ]) {
      await put(folder, name, 'x');
    }
    expect(pathsOf(await listed(folder))).toEqual([
      '.d.nii (hidden)',
      '.git (hidden)',
      'c.hdr',
      'derivatives (derivatives)',
      'sub-2/b.nii',
      'sub-10/a.nii.gz',
    ]);
  });

  it('survives links that lead in a circle, to themselves or nowhere', async () => {
    const folder = await emptyFolder();
    await put(folder, 'a/scan.nii', 'x');
    await symlink(folder, join(folder, 'a', 'up'));
    await symlink('self', join(folder, 'self'));
    await symlink('gone.nii', join(folder, 'broken.nii'));
    await symlink(join(folder, 'a'), join(folder, 'b'));
    expect(pathsOf(await listed(folder))).toEqual([
      'a/scan.nii',
      'a/up (folder-loop)',
      'b (folder-loop)',
      'broken.nii (link-broken)',
    ]);
  });

  it('takes any name a file can have', async () => {
    const folder = await emptyFolder();
    const names = ['Mein Kopf ä.nii', '😀 smile.nii.gz', `${'n'.repeat(196)}.nii`, "it's; rm -rf $HOME.nii"];
    for (const name of names) await put(folder, name, head());
    const found = await listed(folder);
    expect(pathsOf(found).sort()).toEqual([...names].sort());
    for (const one of found) {
      if (one.kind === 'file') expect(await inspectFile(one)).toMatchObject({ state: 'ok' });
    }
  });

  it('finds nothing in an empty folder and names one that is not there', async () => {
    const folder = await emptyFolder();
    expect(await listed(folder)).toEqual([]);
    await expect(listed(join(folder, 'none'))).rejects.toMatchObject({ code: 'file-missing' });
  });

  it('takes a single file', async () => {
    const path = await put(await emptyFolder(), 'one.nii', head());
    expect(pathsOf(await listed(path))).toEqual(['one.nii']);
  });
});

describe('the state of a file', () => {
  it.each<[string, string, string | null, () => Uint8Array | string]>([
    ['a good head', 'ok', null, () => head()],
    ['a good head, packed', 'ok', null, () => gzipSync(head())],
    [
      'a head packed in two members',
      'ok',
      null,
      () => Buffer.concat([gzipSync(head().slice(0, 900)), gzipSync(head().slice(900))]),
    ],
    ['a packed file cut short', 'unreadable', 'gzip-damaged', () => gzipSync(head()).subarray(0, -200)],
    [
      'a packed file with its checksum changed',
      'unreadable',
      'gzip-damaged',
      () => {
        const packed = gzipSync(head());
        packed[packed.length - 6] ^= 1;
        return packed;
      },
    ],
    ['a file cut short', 'unreadable', 'nifti-truncated', () => head().slice(0, 5000)],
    [
      'a header that lies about its size',
      'unreadable',
      'nifti-truncated',
      () => head({ dims: [3, 32767, 32767, 32767] }),
    ],
    ['an axis of 0', 'unreadable', 'nifti-dims', () => head({ dims: [3, 0, 20, 20] })],
    ['NaN in the affine', 'no-orientation', 'nifti-affine', () => head({ srow: srow.map(() => NaN) })],
    ['neither form', 'no-orientation', null, () => head({ sformCode: 0 })],
    ['all zero', 'no-signal', null, () => head({ values: values.map(() => 0) })],
    ['constant', 'no-signal', null, () => head({ values: values.map(() => 7) })],
    ['all NaN', 'no-signal', null, () => head({ dtype: 'float32', values: values.map(() => NaN) })],
    ['a mask', 'no-signal', null, () => head({ values: values.map((v) => v % 2) })],
    ['4D', '4d', null, () => head({ dims: [4, 20, 20, 20, 2], values: [...values, ...values] })],
    ['a single slice', 'not-3d', null, () => head({ dims: [2, 400, 20], values })],
    ['a slice of a third axis of 1', 'not-3d', null, () => head({ dims: [3, 400, 20, 1], values })],
    ['a small box', 'too-small', null, () => head({ srow: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] })],
    ['colour', 'unreadable', 'nifti-dtype', () => head({ code: 128 })],
    ['complex numbers', 'unreadable', 'nifti-dtype', () => head({ code: 32 })],
    ['text', 'unreadable', 'not-nifti', () => 'subject,age\n'.repeat(100)],
    ['nothing at all', 'unreadable', 'not-nifti', () => ''],
  ])('%s is %s', async (_, state, errorCode, bytes) => {
    const found = await inspected(bytes(), 'sub-01_T1w.nii.gz');
    expect(found).toMatchObject({ state, errorCode, identity: { person: '01' } });
    expect(found.reason === '').toBe(state === 'ok');
    expect(found.reason).not.toContain('sub-01');
    expect(found.fileHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is unreadable where reading is not allowed, with a remedy and no path', () => {
    const refusal = Object.assign(new Error("EACCES: open '/home/NAME'"), { code: 'EACCES' });
    const error = readError(refusal);
    expect(error.code).toBe('file-forbidden');
    expect(`${error.message}${JSON.stringify(error.facts)}`).not.toContain('NAME');
  });

  it('is unreadable where the file is gone', async () => {
    const path = join(await emptyFolder(), 'gone.nii');
    const found = await inspectFile({ kind: 'file', path, relativePath: 'gone.nii', bytes: 0 });
    expect(found).toMatchObject({ state: 'unreadable', errorCode: 'file-missing', fileHash: null });
  });

  it('takes a pair as one image and misses the other half of it', async () => {
    const folder = await emptyFolder();
    const path = await put(folder, 'p.hdr', head({ pair: true, values: [] }));
    const candidate = { kind: 'file', path, relativePath: 'p.hdr', bytes: 352 } as const;
    expect(await inspectFile(candidate)).toMatchObject({
      state: 'unreadable',
      errorCode: 'nifti-image-missing',
    });
    await put(folder, 'p.img', voxelBytes(values, 'int16', true));
    expect(await inspectFile(candidate)).toMatchObject({ state: 'ok' });
  });

  it('does not stumble over a broken sidecar and reads a good one', async () => {
    const folder = await emptyFolder();
    const path = await put(folder, 'a.nii', head());
    const candidate = { kind: 'file', path, relativePath: 'a.nii', bytes: 1 } as const;
    expect((await inspectFile(candidate)).sidecarState).toBe('absent');
    await put(folder, 'a.json', '{"SeriesDescription": ');
    expect(await inspectFile(candidate)).toMatchObject({ state: 'ok', sidecarState: 'unusable' });
    await put(folder, 'a.json', '{"SeriesDescription": "t2_tse"}');
    expect((await inspectFile(candidate)).identity).toMatchObject({
      modality: 'T2w',
      modalityFrom: 'sidecar',
    });
  });
});

describe('the table of people', () => {
  it('is found in the folder, and its absence is no error', async () => {
    const folder = await emptyFolder();
    expect((await readPeople(folder)).persons.size).toBe(0);
    await put(folder, 'participants.tsv', 'participant_id\tage\tname\nsub-01\t34\tJane\nsub-02\t91\tJoe\n');
    const { persons } = await readPeople(folder);
    expect(persons.get('01')).toMatchObject({ age: '34' });
    expect(persons.get('02')).toMatchObject({ age: '91' });
  });

  it('comes with the sessions of each person, without days', async () => {
    const folder = await emptyFolder();
    await put(folder, 'set/participants.tsv', 'participant_id\tsite\nsub-01\tBonn\n');
    await put(
      folder,
      'set/sub-01/sub-01_sessions.tsv',
      'session_id\tage\tacq_time\nses-a\t34\t2020-01-02\nses-b\t36.5\t2022-01-02\n',
    );
    const { persons, sessions } = await readPeople(folder);
    expect(persons.get('01')).toMatchObject({ site: 'Bonn' });
    expect(sessions).toEqual([
      { person: '01', session: 'a', columns: { age: '34' } },
      { person: '01', session: 'b', columns: { age: '36.5' } },
    ]);
  });
});

describe('duplicates', () => {
  it('are known by their voxels in whatever file they come', async () => {
    const first = await inspected(head());
    const flipped: number[] = [];
    for (let row = 0; row < 400; row++) flipped.push(...values.slice(row * 20, row * 20 + 20).reverse());
    const others = [
      gzipSync(head()),
      head({ littleEndian: false }),
      head({ version: 2, text: 'another header' }),
      head({ dtype: 'float64' }),
      head({ values: flipped, srow: [-4, 0, 0, 38, ...srow.slice(4)] }),
    ];
    for (const bytes of others) {
      const other = await inspected(bytes);
      expect(duplicateOf(other, [first])).toMatchObject({ by: 'voxels' });
    }
    expect(duplicateOf(await inspected(head(), 'copy.nii'), [first])).toMatchObject({ by: 'file' });
  });

  it('are not what differs in one voxel or lies elsewhere', async () => {
    const first = await inspected(head());
    const changed = values.slice();
    changed[4000]++;
    for (const made of [{ values: changed }, { srow: [4, 0, 0, -37, ...srow.slice(4)] }, { slope: 2 }]) {
      expect(duplicateOf(await inspected(head(made)), [first])).toBeNull();
    }
  });
});

it('leaves the folder it looked at as it was', async () => {
  const folder = await emptyFolder();
  const path = await put(folder, 'a.nii.gz', gzipSync(head()));
  await inspectFile({ kind: 'file', path, relativePath: 'a.nii.gz', bytes: 1 });
  expect(await readdir(folder)).toEqual(['a.nii.gz']);
});
