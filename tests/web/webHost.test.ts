import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { insideOf } from '../../src-main/files/insideOf.ts';
import { createHandler, maxBodyBytes } from '../../src-main/hosts/handler.ts';
import { startWebHost, type WebHost } from '../../src-main/hosts/web/webHost.ts';

let folder: string;
let host: WebHost;
let cookie: string;
let clock = 0;
let eventsStay = false;
let locks = 0;

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** A request with exactly these headers, as no browser would let a page write them. */
function ask(
  path: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: host.port, path, method, headers: { Cookie: cookie, ...headers } },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(parts).toString(),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const call = (name: string, body: string, headers: Record<string, string> = {}): Promise<Answer> =>
  ask(`/api/${name}`, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body });

beforeEach(async () => {
  clock = 0;
  eventsStay = false;
  locks = 0;
  folder = await mkdtemp(join(tmpdir(), 'web-'));
  await mkdir(join(folder, 'pages'));
  await writeFile(join(folder, 'pages', 'index.html'), '<p>workstation</p>');
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await symlink(join(folder, 'secret.txt'), join(folder, 'pages', 'link.txt'));
  const handler = createHandler({
    dispatch: (name, input) =>
      Promise.resolve(
        name === 'echo'
          ? { ok: true, value: input }
          : { ok: false, error: { code: 'unknown-call', message: 'There is no such call.', facts: {} } },
      ),
    events: async function* (signal) {
      await Promise.resolve();
      yield { kind: 'hello' };
      if (eventsStay) await new Promise((end) => signal.addEventListener('abort', end));
    },
    bytes: (name) =>
      Promise.resolve(
        name === 'view/1' ? { bytes: Uint8Array.of(1, 2), type: 'image/png', facts: { a: 1 } } : null,
      ),
    pages: join(folder, 'pages'),
  });
  host = await startWebHost({ handler, idleMs: 1000, now: () => clock, onLocked: () => locks++ });
  cookie = '';
  const opened = await ask(new URL(host.firstUrl).pathname + new URL(host.firstUrl).search);
  expect(opened.status).toBe(303);
  expect(opened.headers['set-cookie']?.[0]).toMatch(/HttpOnly; SameSite=Strict/);
  cookie = opened.headers['set-cookie']?.[0].split(';')[0] ?? '';
});
afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

it('serves pages, calls, events and bytes to the session its address opened', async () => {
  const page = await ask('/');
  expect(page.text).toContain('workstation');
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  expect(JSON.parse((await call('echo', '{"a":[1]}')).text)).toEqual({ ok: true, value: { a: [1] } });
  expect((await ask('/events')).text.trim()).toBe('{"kind":"hello"}');
  const bytes = await ask('/bytes/view/1');
  expect(bytes.headers['x-facts']).toBe(encodeURIComponent('{"a":1}'));
  expect(bytes.text).toBe('\u0001\u0002');
});

it('refuses whoever has no token, a wrong one or one used before', async () => {
  cookie = '';
  expect((await ask('/')).status).toBe(401);
  expect((await ask('/?token=guess')).status).toBe(403);
  expect((await ask(`/${new URL(host.firstUrl).search}`)).status).toBe(403);
  expect((await ask(`/${new URL(host.newUrl()).search}`)).status).toBe(303);
});

it('refuses another Host, so that a rebound name does not reach it', async () => {
  for (const other of [
    'evil.example.org',
    `evil.example.org:${host.port}`,
    '127.0.0.1',
    `127.0.0.1:${host.port + 1}`,
  ]) {
    expect((await ask('/', { headers: { Host: other } })).status).toBe(421);
  }
});

it('refuses another Origin and requests a browser calls cross-site', async () => {
  const own = `http://127.0.0.1:${host.port}`;
  expect((await call('echo', '{}', { Origin: own })).status).toBe(200);
  for (const origin of [
    'http://evil.example.org',
    'null',
    `http://127.0.0.1:${host.port + 1}`,
    `https://127.0.0.1:${host.port}`,
  ]) {
    expect((await call('echo', '{}', { Origin: origin })).status).toBe(403);
  }
  expect((await call('echo', '{}', { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
});

it('grants no other origin anything', async () => {
  const answer = await ask('/api/echo', {
    method: 'OPTIONS',
    headers: { 'Access-Control-Request-Method': 'POST' },
  });
  expect(answer.status).toBe(405);
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
});

it.each([
  '/../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/..%5csecret.txt',
  '/link.txt',
  '/a%00b',
  '/%zz',
])('gives nothing for %s', async (path) => {
  const answer = await ask(path);
  expect(answer.status).toBe(404);
  expect(answer.text).not.toContain('secret');
});

it('tells inside from outside for dots, links and folders of like name', async () => {
  await mkdir(join(folder, 'pages-more'));
  await writeFile(join(folder, 'pages-more', 'x'), '');
  expect(await insideOf(join(folder, 'pages'), 'index.html')).toMatch(/index\.html$/);
  expect(await insideOf(join(folder, 'pages'), '../pages-more/x')).toBeNull();
  expect(await insideOf(join(folder, 'pages'), 'link.txt')).toBeNull();
});

it('refuses bodies that are too large, malformed or not JSON, and unknown calls', async () => {
  expect((await call('echo', '{"a":')).status).toBe(400);
  expect((await call('echo', `"${'x'.repeat(maxBodyBytes)}"`)).status).toBe(413);
  expect((await call('echo', '{}', { 'Content-Type': 'text/plain' })).status).toBe(415);
  expect((await call('constructor', '{}')).status).toBe(404);
  expect((await ask('/api/echo')).status).toBe(405);
  expect((await ask('/', { method: 'DELETE' })).status).toBe(405);
});

it('locks after idling, and a new address opens it again', async () => {
  clock = 900;
  expect((await ask('/')).status).toBe(200);
  clock = 1800;
  expect((await ask('/')).status).toBe(200);
  clock = 2900;
  const locked = await call('echo', '{}');
  expect(locked.status).toBe(401);
  expect(locked.text).toContain('"locked"');
  clock = 2901;
  expect((await ask('/')).status).toBe(401);
  expect((await ask(`/${new URL(host.newUrl()).search}`)).status).toBe(303);
});

it('is not kept open by what the page asks by itself, and then ends what the page is told', async () => {
  eventsStay = true;
  const listening = ask('/events').then(
    () => 'ended',
    () => 'broken off',
  );
  clock = 800;
  expect((await call('echo', '{}', { 'X-Unattended': '1' })).status).toBe(200);
  clock = 1100;
  expect(await listening).toBe('broken off');
  expect(locks).toBe(1);
  expect((await call('echo', '{}')).text).toContain('"locked"');
  expect(locks).toBe(1);
});

const kinds = [
  ['a page', (headers: Record<string, string>) => ask('/', { headers })],
  ['a call', (headers: Record<string, string>) => call('echo', '{}', headers)],
  ['events', (headers: Record<string, string>) => ask('/events', { headers })],
  ['bytes', (headers: Record<string, string>) => ask('/bytes/view/1', { headers })],
] as const;

it.each(kinds)('refuses %s to another Host, another Origin, a wrong cookie and none', async (_, send) => {
  expect((await send({})).status).toBe(200);
  expect((await send({ Host: 'evil.example.org' })).status).toBe(421);
  expect((await send({ Origin: 'http://evil.example.org' })).status).toBe(403);
  expect((await send({ 'Sec-Fetch-Site': 'same-site' })).status).toBe(403);
  expect((await send({ Cookie: `${cookie}x` })).status).toBe(401);
  cookie = '';
  expect((await send({})).status).toBe(401);
});

it('refuses a body that is too large even where its length is not told beforehand', async () => {
  const sent = request({
    ...{ host: '127.0.0.1', port: host.port, path: '/api/echo', method: 'POST' },
    headers: { Cookie: cookie, 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' },
  });
  const status = new Promise<number | undefined>((resolve, reject) => {
    sent.on('response', ({ statusCode }) => resolve(statusCode));
    sent.on('error', reject);
  });
  for (let n = 0; n <= maxBodyBytes / 65_536; n++) sent.write('x'.repeat(65_536));
  sent.end();
  expect(await status).toBe(413);
});
