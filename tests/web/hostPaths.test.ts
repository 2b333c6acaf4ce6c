import { mkdir, mkdtemp, readFile, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src-main/engine/engine.ts';
import { createHandler } from '../../src-main/hosts/handler.ts';
import { startWebHost, type WebHost } from '../../src-main/hosts/web/webHost.ts';
import { builtInTools } from '../../src-main/tools/tools.ts';
import { createWorkspace, type Workspace } from '../../src-main/workspace/createWorkspace.ts';
import { placesOfCalls } from '../../src-main/workspace/placesOfCalls.ts';
import type { ApiAnswer } from '../../src-shared/api/answer.ts';
import type { DefacingRow } from '../../src-shared/api/contract.ts';
import { hostContract } from '../../src-shared/api/hostContract.ts';
import { viewsFolder } from '../../src-shared/domain/outputNames.ts';
import type { Scan } from '../../src-shared/domain/study.ts';
import { writePicturedStudy } from '../fixtures/picturedStudy.ts';

// The loopback host as it is served, asked over HTTP for what lies outside of what it may give.
let folder: string;
let root: string;
let outside: string;
let workspace: Workspace;
let host: WebHost;
let cookie: string;

const at = (path: string): string => `http://127.0.0.1:${host.port}${path}`;
const get = (path: string): Promise<Response> => fetch(at(path), { headers: { Cookie: cookie } });

async function call(name: string, input: object): Promise<ApiAnswer> {
  const answer = await fetch(at(`/api/${name}`), {
    method: 'POST',
    headers: { Cookie: cookie, 'Content-Type': 'application/json' },
    body: JSON.stringify(input),
  });
  return (await answer.json()) as ApiAnswer;
}

async function value<Value>(name: string, input: object): Promise<Value> {
  const answer = await call(name, input);
  if (!answer.ok) throw new Error(`${name}: ${answer.error.code}`);
  return answer.value as Value;
}

const refusal = async (name: string, input: object): Promise<string> => {
  const answer = await call(name, input);
  return answer.ok ? 'allowed' : answer.error.code;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'host-paths-'));
  root = join(folder, 'root');
  outside = join(folder, 'outside');
  await mkdir(join(folder, 'pages'), { recursive: true });
  await mkdir(outside);
  await mkdir(root);
  await writeFile(join(folder, 'pages', 'index.html'), 'page');
  await writeFile(join(outside, 'secret.png'), 'secret');
  await writePicturedStudy(join(root, 'study'), 1);
  await symlink(outside, join(root, 'way-out'));
  workspace = createWorkspace({
    tools: builtInTools,
    workers: 1,
    clock: systemClock,
    software: 'test',
    stateFolder: join(folder, 'state'),
    roots: [root],
    helpFolder: join(folder, 'help'),
    sampleFolder: join(root, 'sample'),
  });
  const { dispatch, events, bytes } = workspace;
  host = await startWebHost({
    handler: createHandler({ dispatch, events, bytes, pages: join(folder, 'pages') }),
  });
  const opened = await fetch(host.firstUrl, { redirect: 'manual' });
  cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
  await value('workspace.openStudy', { folder: join(root, 'study') });
});
afterAll(async () => {
  await host.close();
  await workspace.close();
  await rm(folder, { recursive: true });
});

describe('places a call names', () => {
  it.each([
    ...Object.entries(placesOfCalls).flatMap(([name, fields]) => fields.map((field) => [name, field])),
    ['workspace.openStudy', 'folder'],
    ['workspace.createStudy', 'folder'],
    ['workspace.browse', 'folder'],
  ])('%s: %s may not lead out of the roots, by dots, a link or a place of its own', async (name, field) => {
    expect(Object.keys(hostContract)).toContain(name);
    const inside = Object.fromEntries((placesOfCalls[name] ?? [field]).map((each) => [each, root]));
    for (const place of [
      `${root}/../outside`,
      `${root}/study/../../outside`,
      join(root, 'way-out'),
      join(root, 'way-out', 'new', 'deeper'),
      outside,
      '/',
      '..',
      'study',
    ]) {
      const input = {
        ...inside,
        [field]: place,
        ...(name === 'exports.start' && { options: { criterion: 'lenient' } }),
      };
      expect(await refusal(name, input), place).toBe('folder-outside');
    }
  });

  it('lists every field of the contract that is a place', () => {
    const named = Object.entries(hostContract).flatMap(([name, { schema }]) => {
      const { entries } = schema as { entries?: Record<string, unknown> };
      return ['input', 'folder', 'path', 'parts', 'originals', 'defaced']
        .filter((field) => entries !== undefined && field in entries)
        .map((field) => `${name} ${field}`);
    });
    const known = Object.entries(placesOfCalls).flatMap(([name, fields]) =>
      fields.map((field) => `${name} ${field}`),
    );
    // Calls of the window look at theirs themselves; what is remembered is only a line on the home screen.
    const ofWindow = named.filter((each) => each.startsWith('workspace.'));
    expect(named.filter((each) => !ofWindow.includes(each)).sort()).toEqual(known.sort());
  });

  it('may be new, as deep below a root as the person likes', async () => {
    const answer = await refusal('report.save', { folder: join(root, 'new', 'deeper') });
    expect(answer).toBe('allowed');
    expect(await readFile(join(root, 'new', 'deeper', 'report.html'), 'utf8')).toMatch(/^<!doctype html>/i);
  });

  it('are shown in a file manager by the desktop only', async () => {
    expect(await refusal('workspace.reveal', { path: root })).toBe('not-native');
  });
});

describe('bytes of a study', () => {
  it.each([
    'view/scan/../../outside/secret.png',
    'view/scan/..%2f..%2foutside/secret.png',
    'volume/..%2f..%2foutside%2fsecret.png',
    'removed/..',
    'surface/scan/..',
    'picture/../../outside/secret.png',
    'picture%2fstudy.sqlite',
    '..%2fstudy.sqlite',
  ])('there is nothing named %s', async (name) => {
    const answer = await get(`/bytes/${name}`);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('secret');
  });

  it('a picture, a mask or an image that became a link out of the study is not given', async () => {
    const [scan] = await value<Scan[]>('scans.list', {});
    const [defacing] = await value<DefacingRow[]>('defacings.list', {});
    const view = join(root, 'study', viewsFolder(scan.name), 'front.png');
    const name = `/bytes/view/scan/${scan.id}/front`;
    expect((await get(name)).status).toBe(200);
    await unlink(view);
    await symlink(join(outside, 'secret.png'), view);
    const answer = await get(name);
    expect([answer.status, await answer.text()]).toEqual([404, expect.not.stringContaining('secret')]);
    for (const [path, asked] of [
      [defacing.path, `surface/defacing/${defacing.id}`],
      [`derivatives/${defacing.id}_mask.nii.gz`, `removed/${defacing.id}`],
    ] as const) {
      const file = join(root, 'study', path ?? '');
      const copy = join(outside, `${defacing.id}.nii.gz`);
      await writeFile(copy, await readFile(file));
      await unlink(file);
      await symlink(copy, file);
      expect((await get(`/bytes/${asked}`)).status, asked).toBe(404);
    }
  });
});
