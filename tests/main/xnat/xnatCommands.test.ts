import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unpackZip } from '../../../src-main/dicom/unpackZip.ts';
import { askPassword, passwordVariable } from '../../../src-main/hosts/cli/askPassword.ts';
import { affineOf } from '../../../src-shared/volume/affine.ts';
import { encodeNifti } from '../../../src-shared/volume/writeNifti.ts';
import { describeWithShared, sharedPath } from '../../fixtures/shared.ts';
import { startXnatStandIn, type XnatContent, type XnatStandIn } from '../../fixtures/stand-ins/xnatServer.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const image = encodeNifti({
  shape: [12, 13, 14],
  affine: affineOf([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]),
  values: Float32Array.from({ length: 12 * 13 * 14 }, (_, n) => n % 7),
});
image.set(Buffer.from('Mueller^Hans'), 148); // descrip
const sidecar = Buffer.from(JSON.stringify({ EchoTime: 0.003, PatientName: 'Mueller^Hans' }));

function content(dicom: Readonly<Record<string, Uint8Array>>): XnatContent {
  const scan = { type: 't1_mprage', description: 't1 mprage', tr: '2300.0', te: '2.9' };
  const nifti = { NIFTI: { 'Mueller.nii': image, 'Mueller.json': sidecar } };
  return {
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
              { ...scan, id: '3', resources: nifti },
              { ...scan, id: '4', description: 'flair', resources: {} },
              ...(Object.keys(dicom).length === 0
                ? []
                : [
                    { ...scan, id: '5', type: 'dicom', description: 't1 dicom', resources: { DICOM: dicom } },
                  ]),
            ],
          },
        ],
      },
    ],
  };
}

const started = [join(root, 'src-main', 'hosts', 'cli', 'defaceqa.js')];

let server: XnatStandIn;
let folder: string;
let study: string;
beforeEach(async () => {
  server = await startXnatStandIn(content({}));
  folder = await mkdtemp(join(tmpdir(), 'xnat-cli-'));
  study = join(folder, 'study');
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Not `spawnSync`: the stand-in server answers in this process. `interruptWhen` sends Ctrl-C once it is true. */
async function xnat(
  args: readonly string[],
  interruptWhen?: () => boolean,
  password = 'pass:word',
): Promise<Ended> {
  const login = ['--url', server.url, '--user', 'reader'];
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== passwordVariable));
  const child = spawn(process.execPath, [...started, 'xnat', ...args, ...login], {
    env: password === '' ? env : { ...env, [passwordVariable]: password },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (texts[0] += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => (texts[1] += String(chunk)));
  const watch = setInterval(() => {
    if (interruptWhen?.() !== true) return;
    clearInterval(watch);
    child.kill('SIGINT');
  }, 20);
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(watch);
  return { status, stdout: texts[0], stderr: texts[1] };
}

const transfers = (): number => server.asked.filter((path) => /\/files\/./.test(path)).length;
const fetchArgs = (): string[] => ['fetch', '--project', 'STUDY', '--study', study, '--json'];

async function everythingIn(place: string): Promise<string> {
  const parts: string[] = [];
  for (const entry of await readdir(place, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name));
    parts.push(entry.name, (entry.name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1'));
  }
  return parts.join('\n');
}

describe('xnat on the command line', () => {
  it('lists projects and scans, and leaves the server with no open session', async () => {
    expect(JSON.parse((await xnat(['list', '--json'])).stdout)).toEqual({
      projects: [{ id: 'STUDY', name: 'A study' }],
    });
    const { stdout, status } = await xnat(['list', '--project', 'STUDY']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/T1w +t1 mprage +2300 +2.9/);
    expect(stdout).toMatch(/neither DICOM nor NIfTI/);
    expect(stdout).not.toMatch(/Mueller|E00001/);
    expect(server.openSessions()).toBe(0);
  });

  it('fetches chosen scans without their identities; again it asks for no file', async () => {
    const first = await xnat(fetchArgs());
    expect(first.stderr).toBe('');
    expect(first.status).toBe(0);
    const { results, next } = JSON.parse(first.stdout) as { results: { images: string[] }[]; next: string };
    expect(results).toMatchObject([{ outcome: 'done', refused: [] }]);
    expect(next).toContain('defaceqa run');
    const path = join(study, 'imported', results[0].images[0]);
    const made = gunzipSync(await readFile(path));
    expect(made.subarray(352).equals(image.subarray(352))).toBe(true);
    expect(await everythingIn(join(study, 'imported'))).not.toMatch(/Mueller|Hans|E00001/);
    expect(await readFile(join(study, 'imported', 'participants.tsv'), 'utf8')).toMatch(/sub-\w+\t44\tM\n$/);
    expect(await readdir(join(study, '.downloads'))).toEqual([]);
    const [, ...line] = next.split(' ');
    const run = spawnSync(process.execPath, [...started, ...line, '--tools', 'facemask-builtin', '--json'], {
      encoding: 'utf8',
    });
    expect(JSON.parse(run.stdout)).toMatchObject({
      scans: [{ relativePath: results[0].images[0], modality: 'T1w', session: expect.any(String) as string }],
    });
    const asked = transfers();
    expect(asked).toBe(2);
    expect(JSON.parse((await xnat(fetchArgs())).stdout)).toMatchObject({ results: [{ outcome: 'kept' }] });
    expect(transfers()).toBe(asked);
    expect(server.openSessions()).toBe(0);
  });

  it('ends its session on Ctrl-C in the middle of a file, and the same line goes on', async () => {
    server.faults.stallTransfers = true;
    const stopped = await xnat(fetchArgs(), () => transfers() > 0);
    expect(stopped.status).toBe(130);
    expect(stopped.stderr).toMatch(/same line again/);
    expect(server.openSessions()).toBe(0);
    expect(existsSync(join(study, 'imported'))).toBe(false);
    server.faults.stallTransfers = false;
    expect((await xnat(fetchArgs())).status).toBe(0);
  });

  it('goes on with the rest when one scan does not arrive', async () => {
    server.faults.breakTransfers = 3;
    const { status, stdout } = await xnat(fetchArgs());
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ results: [{ outcome: 'not-fetched' }] });
    expect(server.openSessions()).toBe(0);
  });

  it('takes a password from the environment or a person, and tells a wrong one', async () => {
    const nobody = await xnat(['list'], undefined, '');
    expect([nobody.status, nobody.stderr]).toEqual([1, expect.stringContaining(passwordVariable)]);
    const wrong = await xnat(['list', '--json'], undefined, 'guess');
    expect(JSON.parse(wrong.stdout)).toMatchObject({ error: { code: 'xnat-wrong-password' } });
    const argument = await xnat(['list', '--password', 'pass:word'], undefined, '');
    expect(argument.stderr).toMatch(/unknown option/);
  });
});

describeWithShared('a DICOM scan on a server', () => {
  it('is converted under the person and visit of the server', async () => {
    await server.close();
    const zip = sharedPath('data', 'heads', 'dicom_t1_2dsag_hfs.zip');
    const paths = await unpackZip(zip, join(folder, 'zip'));
    const dicom: Record<string, Uint8Array> = {};
    for (const [n, path] of paths.entries()) dicom[`Mueller ${n}.dcm`] = await readFile(path);
    server = await startXnatStandIn(content(dicom));
    const { status, stdout } = await xnat(fetchArgs());
    expect(status).toBe(0);
    const { results } = JSON.parse(stdout) as { results: { outcome: string; images: string[] }[] };
    expect(results.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
    const [nifti, converted] = results.map(({ images }) => images[0].split('/'));
    expect(converted.slice(0, 2)).toEqual(nifti.slice(0, 2));
    expect(await everythingIn(join(study, 'imported'))).not.toMatch(/Mueller|crlab|Rorden|67060|1\.3\.12/);
    expect(await readdir(join(study, '.downloads'))).toEqual([]);
  });
});

describe('a password that is typed', () => {
  it('is never shown', async () => {
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const output = new PassThrough();
    const asked = askPassword('Password: ', { env: {}, input, output });
    input.write('pass:word\n');
    expect(await asked).toBe('pass:word');
    expect(String(output.read())).toBe('Password: \n');
  });

  it('is not left in the environment of programs started later', async () => {
    const env: Record<string, string | undefined> = { [passwordVariable]: 'pass:word' };
    const output = new PassThrough();
    expect(await askPassword('Password: ', { env, input: new PassThrough(), output })).toBe('pass:word');
    expect(Object.keys(env)).toEqual([]);
  });
});
