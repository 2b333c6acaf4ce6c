import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { XnatConnection } from '../../../src-main/xnat/xnatConnection.ts';
import { downloadResource } from '../../../src-main/xnat/xnatDownload.ts';
import { listProjects, listScans, type XnatScan } from '../../../src-main/xnat/xnatListing.ts';
import { describeIf } from '../../fixtures/shared.ts';
import { startXnatStandIn, type XnatContent, type XnatStandIn } from '../../fixtures/stand-ins/xnatServer.ts';

const bytes = (seed: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, n) => (n * 31 + seed * 17) & 255);

const content: XnatContent = {
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
            {
              id: '3',
              type: 't1_mprage',
              description: 't1_mprage_sag',
              tr: '2300.0',
              te: '2.9',
              resources: {
                DICOM: { 'Mueller 1.dcm': bytes(1, 5000), 'Mueller 2.dcm': bytes(2, 5000) },
                NIFTI: { 'Mueller.nii.gz': bytes(3, 70_000), 'Mueller.json': bytes(4, 60) },
                SNAPSHOTS: { 'face.gif': bytes(5, 10) },
              },
            },
            { id: '4', type: 'FLAIR', description: '', tr: '', te: '', resources: {} },
          ],
        },
      ],
    },
  ],
};

let server: XnatStandIn;
let folder: string;
const login = (): { url: string; user: string; password: string } => ({ ...content, url: server.url });
const scan = { experimentId: 'XNAT_E00001', scanId: '3', resource: 'NIFTI' };

beforeEach(async () => {
  server = await startXnatStandIn(content);
  folder = await mkdtemp(join(tmpdir(), 'xnat-'));
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function scansOf(connection: XnatConnection): Promise<XnatScan[]> {
  return Array.fromAsync(listScans(connection, 'STUDY', { key: 'k' }));
}

describe('an XNAT server', () => {
  it('is signed in to, listed and left with the session closed', async () => {
    const connection = await XnatConnection.open(login());
    expect(await listProjects(connection)).toEqual([{ id: 'STUDY', name: 'A study' }]);
    const scans = await scansOf(connection);
    expect(scans).toMatchObject([
      {
        modality: 'T1w',
        repetitionTimeMs: 2300,
        echoTimeMs: 2.9,
        ageYears: 44,
        sex: 'M',
        resources: ['NIFTI', 'DICOM'],
      },
      { modality: 'FLAIR', repetitionTimeMs: null, resources: [] },
    ]);
    expect(scans[0].personKey).toBe(scans[1].personKey);
    expect(`${scans[0].personKey} ${scans[0].visitKey}`).not.toMatch(/Mueller|E00001/);
    expect(server.openSessions()).toBe(1);
    await connection.close();
    expect(server.openSessions()).toBe(0);
  });

  it('refuses a wrong password with a code of its own', async () => {
    await expect(XnatConnection.open({ ...login(), password: 'guess' })).rejects.toMatchObject({
      code: 'xnat-wrong-password',
    });
  });

  it('is asked over https only, unless it is this machine', async () => {
    await expect(XnatConnection.open({ ...login(), url: 'http://xnat.example.org' })).rejects.toMatchObject({
      code: 'xnat-needs-https',
    });
    await expect(XnatConnection.open({ ...login(), url: 'not an address' })).rejects.toMatchObject({
      code: 'xnat-address',
    });
  });

  it('never gets a request meant for another host', async () => {
    const connection = await XnatConnection.open(login());
    await expect(connection.get('https://elsewhere.example.org/data')).rejects.toMatchObject({
      code: 'xnat-other-host',
    });
  });

  it('is left with a sentence when its session ends in the middle', async () => {
    const connection = await XnatConnection.open(login());
    server.faults.expireAfter = 2;
    await expect(scansOf(connection)).rejects.toMatchObject({ code: 'xnat-session-expired' });
  });

  it.each([false, true])(
    'gives every row of a huge listing once (paging ignored: %s)',
    async (ignorePaging) => {
      await server.close();
      const subjects = Array.from({ length: 1700 }, (_, n) => ({
        id: `S${n}`,
        gender: '',
        age: '',
        sessions: [],
      }));
      server = await startXnatStandIn({ ...content, subjects });
      server.faults.ignorePaging = ignorePaging;
      const connection = await XnatConnection.open(login());
      const ids = await Array.fromAsync(connection.rows('data/projects/STUDY/subjects', {}), (row) => row.ID);
      expect(ids).toEqual(subjects.map(({ id }) => id));
    },
  );
});

describe('a download', () => {
  it('brings whole files under names that name nobody', async () => {
    const connection = await XnatConnection.open(login());
    const seen: number[] = [];
    const paths = await downloadResource(connection, scan, folder, {
      report: ({ filesDone }) => seen.push(filesDone),
    });
    expect((await readdir(folder)).toSorted()).toEqual(['00001.json', '00001.nii.gz']);
    expect(new Uint8Array(await readFile(paths[0]))).toEqual(
      content.subjects[0].sessions[0].scans[0].resources.NIFTI['Mueller.nii.gz'],
    );
    expect(seen).toEqual([0, 1, 2]);
  });

  it('survives broken and damaged transfers', async () => {
    const connection = await XnatConnection.open(login());
    server.faults.breakTransfers = 1;
    server.faults.corruptTransfers = 1;
    const paths = await downloadResource(connection, scan, folder);
    expect(new Uint8Array(await readFile(paths[0]))).toEqual(bytes(3, 70_000));
  });

  it('gives up after three broken transfers and goes on with that file next time', async () => {
    const connection = await XnatConnection.open(login());
    const dicom = { ...scan, resource: 'DICOM' };
    await downloadResource(connection, dicom, folder);
    await rm(join(folder, '00002.dcm'));
    server.faults.breakTransfers = 3;
    await expect(downloadResource(connection, dicom, folder)).rejects.toMatchObject({
      code: 'xnat-transfer-broken',
    });
    expect(await readdir(folder)).toEqual(['00001.dcm']);
    server.asked.length = 0;
    await downloadResource(connection, dicom, folder);
    expect(server.asked.filter((path) => /files\/./.test(path))).toHaveLength(1);
  });

  it('stops when told to', async () => {
    const connection = await XnatConnection.open(login());
    const stop = new AbortController();
    const running = downloadResource(connection, scan, folder, {
      signal: stop.signal,
      report: () => stop.abort(),
    });
    await expect(running).rejects.toThrow(/abort/i);
  });
});

const python = process.env.DEFACEQA_XNAT_PYTHON ?? '';

describeIf(
  existsSync(python),
  'no Python with xnatpy (DEFACEQA_XNAT_PYTHON)',
  'the stand-in server, asked by xnatpy, a client of others',
  () => {
    it('signs it in, lists and gives the same bytes', async () => {
      const script = join(folder, 'client.py');
      const target = join(folder, 'got.nii.gz');
      await writeFile(
        script,
        [
          'import json, sys, xnat',
          'with xnat.connect(sys.argv[1], user=sys.argv[2], password=sys.argv[3], no_parse_model=True) as session:',
          '    rows = lambda path: session.get_json(path)["ResultSet"]["Result"]',
          '    projects = [row["ID"] for row in rows("/data/projects")]',
          '    sessions = [row["ID"] for row in rows("/data/projects/STUDY/experiments")]',
          '    scans = [row["ID"] for row in rows("/data/experiments/%s/scans" % sessions[0])]',
          '    files = rows("/data/experiments/%s/scans/3/resources/NIFTI/files" % sessions[0])',
          '    session.download(files[0]["URI"], sys.argv[4], verbose=False, expected_md5_digest=files[0]["digest"])',
          '    print(json.dumps([session.xnat_version, projects, sessions, scans]))',
        ].join('\n'),
      );
      const { stdout } = await promisify(execFile)(python, [
        script,
        server.url,
        content.user,
        content.password,
        target,
      ]);
      expect(JSON.parse(stdout)).toEqual(['1.8.10', ['STUDY'], ['XNAT_E00001'], ['3', '4']]);
      expect(new Uint8Array(await readFile(target))).toEqual(bytes(3, 70_000));
      expect(server.openSessions()).toBe(0);
    });
  },
);
