import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../../src-main/engine/engine.ts';
import { encodePng } from '../../../src-main/files/png.ts';
import { writeFileWhole } from '../../../src-main/files/writeFile.ts';
import { createHandler } from '../../../src-main/hosts/handler.ts';
import { builtInTools } from '../../../src-main/tools/tools.ts';
import { eventsFor } from '../../../src-main/workspace/eventsFor.ts';
import { createWorkspace, type Workspace } from '../../../src-main/workspace/createWorkspace.ts';
import type { ApiAnswer } from '../../../src-shared/api/answer.ts';
import type { HostEvent } from '../../../src-shared/api/hostContract.ts';
import { workspaceContract } from '../../../src-shared/api/workspaceContract.ts';
import { smallestInput } from '../../fixtures/smallestInput.ts';
import { addPeople, openTestStudy, secretOf } from '../../fixtures/ratedStudy.ts';

const folder = mkdtempSync(join(tmpdir(), 'defaceqa-rating-window-'));
const studyFolder = join(folder, 'study');
let workspace: Workspace;
let handler: (request: Request) => Promise<Response>;
let ids: Record<string, string>;
let roundId: string;

const address = (path: string): string => `http://127.0.0.1${path}`;

async function call(
  name: string,
  input: unknown,
  session?: string,
): Promise<{ status: number; answer: ApiAnswer }> {
  const headers = {
    'Content-Type': 'application/json',
    ...(session !== undefined && { 'X-Session': session }),
  };
  const response = await handler(
    new Request(address(`/api/${name}`), { method: 'POST', headers, body: JSON.stringify(input) }),
  );
  return { status: response.status, answer: (await response.json()) as ApiAnswer };
}

async function signIn(name: string, before?: string): Promise<string> {
  const { answer } = await call('session.signIn', { accountId: ids[name], secret: secretOf(name) }, before);
  if (!answer.ok) throw new Error(answer.error.code);
  return (answer.value as { session: string }).session;
}

const bytes = (name: string, session?: string): Promise<Response> =>
  handler(new Request(address(`/bytes/${name}${session === undefined ? '' : `?session=${session}`}`)));

beforeAll(async () => {
  const study = await openTestStudy({ scans: 2, tools: ['alpha'] }, { folder: studyFolder });
  const people = await addPeople(study, [
    { name: 'Olga', role: 'owner' },
    { name: 'Ann', role: 'rater' },
    { name: 'Ben', role: 'rater' },
  ]);
  ids = Object.fromEntries(Object.entries(people).map(([name, { id }]) => [name, id]));
  const round = await people.Olga.api['rounds.open']({
    name: 'Round',
    primary: [people.Ann.id, people.Ben.id],
    third: null,
    minViewingMs: 0,
  });
  roundId = round.id;
  await people.Olga.api['backups.make']({});
  await study.close({ keep: true });
  const grey = encodePng({ width: 4, height: 4, pixels: new Uint8Array(16).fill(90) });
  for (const n of [1, 2])
    await writeFileWhole(join(studyFolder, 'views', `sub-001_run-${n}_T1w`, 'alpha', 'front.png'), grey);
  workspace = createWorkspace({
    tools: builtInTools,
    workers: 1,
    clock: systemClock,
    software: '0.0-test',
    stateFolder: join(folder, 'state'),
    roots: [folder],
    helpFolder: join(import.meta.dirname, '..', '..', '..', 'resources', 'help'),
    sampleFolder: join(folder, 'sample'),
  });
  await workspace.openStudy(studyFolder);
  handler = createHandler({
    dispatch: workspace.dispatch,
    events: workspace.events,
    bytes: workspace.bytes,
    pages: folder,
  });
});
afterAll(async () => {
  await workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

it('a page signs in with a call, sends its session as a header, and gets its own pictures by address', async () => {
  expect((await call('ratings.next', { roundId })).status).toBe(401);
  const ann = await signIn('Ann');
  const { status, answer } = await call('ratings.next', { roundId }, ann);
  expect(status).toBe(200);
  const item = answer.ok ? (answer.value as { item: { id: string } }).item.id : '';
  const picture = await bytes(`item/${item}/view/defaced/front`, ann);
  expect([picture.status, picture.headers.get('Content-Type')]).toEqual([200, 'image/png']);
  expect((await bytes(`item/${item}/view/defaced/front`)).status).toBe(401);
  expect((await bytes(`item/${item}/view/defaced/front`, await signIn('Ben'))).status).toBe(409);
  const scans = await workspace.dispatch('scans.list', {}, ann);
  expect(scans).toMatchObject({ ok: false, error: { code: 'blinded' } });
  expect((await call('scans.list', {}, ann)).status).toBe(403);
  // The session in an address is for pictures: a call needs the header.
  const posted = new Request(address(`/api/ratings.next?session=${ann}`), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ roundId }),
  });
  expect((await handler(posted)).status).toBe(401);
});

// Those left out open, close or make studies, ask the system, or show the manual.
const ofWindow = [
  'openStudy',
  'createStudy',
  'closeStudy',
  'makeSample',
  'pickFolder',
  'reveal',
  'help.pages',
];
it.each(
  Object.entries(workspaceContract).filter(([name]) => !ofWindow.includes(name.replace('workspace.', ''))),
)('the call %s of a window tells a rater nothing of scans, tools and others', async (name, { schema }) => {
  const input = smallestInput(schema, { folder: studyFolder, roundId });
  const { answer } = await call(name, input, await signIn('Ann'));
  if (!answer.ok) expect(answer.error.code).not.toBe('bad-input');
  expect(JSON.stringify(answer)).not.toMatch(/sub-001|T1w|alpha/);
});

it('a rater who looks for a folder sees none of the open study, whose folders are named after scans and tools', async () => {
  const look = async (name: string): Promise<unknown> =>
    (await call('workspace.browse', { folder: join(studyFolder, 'views') }, await signIn(name))).answer;
  expect(JSON.stringify(await look('Olga'))).toContain('sub-001_run-1_T1w');
  expect(await look('Ann')).toMatchObject({ ok: true, value: { folders: [], images: 0 } });
});

it('a window that changes hands serves nothing more to who left', async () => {
  const ann = await signIn('Ann');
  const olga = await signIn('Olga', ann);
  expect((await call('ratings.next', { roundId }, ann)).status).toBe(401);
  expect((await call('scans.list', {}, olga)).status).toBe(200);
});

it('events tell who is blind that something goes on, and not what', async () => {
  const events: HostEvent[] = [
    {
      kind: 'progress',
      progress: { jobId: 1, phase: 'process', done: 1, total: 2, message: 'sub-001_T1w.nii.gz' },
    },
    {
      kind: 'job-ended',
      job: {
        id: 1,
        kind: 'main',
        input: { tools: ['alpha'] },
        state: 'failed',
        startedAt: '',
        endedAt: '',
        error: { code: 'tool-failed', message: 'alpha stopped early' },
      },
    },
    { kind: 'study-changed' },
  ];
  async function* all(): AsyncGenerator<HostEvent> {
    for (const event of events) yield await Promise.resolve(event);
  }
  const heard = async (blind: boolean): Promise<HostEvent[]> => {
    const found: HostEvent[] = [];
    for await (const event of eventsFor(all(), () => ({ person: null, blind, session: null })))
      found.push(event);
    return found;
  };
  expect(await heard(false)).toEqual(events);
  const told = await heard(true);
  expect(told.map(({ kind }) => kind)).toEqual(['progress', 'job-ended', 'study-changed']);
  expect(JSON.stringify(told)).not.toMatch(/sub-001|alpha/);
});

it('an owner puts a copy back from the window; everybody signs in anew', async () => {
  const ann = await signIn('Ann');
  const olga = await signIn('Olga');
  const { answer } = await call('backups.list', {}, olga);
  const [{ name }] = answer.ok ? (answer.value as { name: string }[]) : [{ name: '' }];
  expect((await call('workspace.restoreBackup', { name }, ann)).status).toBe(403);
  expect((await call('workspace.restoreBackup', { name: '../study.sqlite' }, olga)).answer).toMatchObject({
    error: { code: 'backup-missing' },
  });
  expect((await call('workspace.restoreBackup', { name }, olga)).answer).toMatchObject({ ok: true });
  expect((await call('rounds.list', {}, olga)).status).toBe(401);
  expect((await call('rounds.list', {}, await signIn('Olga'))).status).toBe(200);
});
