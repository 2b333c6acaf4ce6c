import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEngine, systemClock, type OpenEngine } from '../../../src-main/engine/engine.ts';
import { machineSettingsIn } from '../../../src-main/files/machineSettings.ts';
import { allTools } from '../../../src-main/tools/allTools.ts';
import { pydeface } from '../../../src-main/tools/pydeface.ts';
import { quickshear } from '../../../src-main/tools/quickshear.ts';
import { toolStart } from '../../../src-main/tools/toolStart.ts';
import { openPool, type Pool } from '../../../src-main/workers/pool.ts';
import type { ApiOf } from '../../../src-shared/api/call.ts';
import { createClient } from '../../../src-shared/api/client.ts';
import { contract } from '../../../src-shared/api/contract.ts';
import { mergedSettings } from '../../../src-shared/domain/settings.ts';

let folder: string;
let pool: Pool;
let engine: OpenEngine;
let api: ApiOf<typeof contract>;

const open = (): Promise<OpenEngine> =>
  createEngine({
    studyFolder: join(folder, 'study'),
    tools: allTools,
    workers: pool,
    clock: systemClock,
    software: 'test',
    environment: { PATH: '/usr/bin:/bin' },
    machineSettings: machineSettingsIn(join(folder, 'state', 'settings.json')),
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settings-'));
  pool = openPool({ size: 1 });
  engine = await open();
  api = createClient(contract, engine.dispatch);
});
afterAll(async () => {
  await engine.close();
  await pool.close();
  await rm(folder, { recursive: true });
});

it('of a machine are kept in a file, of a study in the study; the study has the last word, tool by tool', async () => {
  expect(await api['settings.machine']({})).toEqual({ settings: {}, notes: [] });
  await api['settings.saveMachine']({
    settings: {
      fslFolder: folder,
      tools: { quickshear: { timeoutMinutes: 2, settings: { bufferMm: 7 } } },
    },
  });
  await api['settings.saveStudy']({
    settings: {
      takeUp4d: true,
      launcher: { kind: 'docker', image: 'lab/fsl:6.0' },
      tools: { quickshear: { settings: { bufferMm: 9 } } },
    },
  });
  await engine.close();
  engine = await open();
  api = createClient(contract, engine.dispatch);
  expect(await api['settings.effective']({})).toEqual({
    fslFolder: folder,
    takeUp4d: true,
    launcher: { kind: 'docker', image: 'lab/fsl:6.0' },
    tools: { quickshear: { timeoutMinutes: 2, settings: { bufferMm: 9 } } },
  });
  const listed = (await api['tools.list']({})).find(({ id }) => id === 'quickshear');
  expect(listed).toMatchObject({
    launcher: 'docker',
    timeoutMinutes: 2,
    defaults: { bufferMm: 10 },
    settings: { bufferMm: 9 },
    missing: ['docker'],
  });
  expect(listed?.mend).toContain('docker pull lab/fsl:6.0');
});

it('are saved with a note where a place is not there, and refused where they can not be meant', async () => {
  const { notes } = await api['settings.saveMachine']({
    settings: {
      fslFolder: join(folder, 'nowhere'),
      searchFolders: ['relative'],
      tools: { pydeface: { path: '/nowhere/pydeface' } },
    },
  });
  expect(notes.map(({ setting }) => setting)).toEqual([
    'searchFolders.0',
    'fslFolder',
    'tools.pydeface.path',
  ]);
  const save = (tools: Record<string, unknown>) =>
    engine.dispatch('settings.saveMachine', { settings: { tools } });
  expect(await save({ nothing: {} })).toMatchObject({ error: { code: 'tool-unknown' } });
  expect(await save({ quickshear: { settings: { strange: 1 } } })).toMatchObject({
    error: { code: 'tool-setting' },
  });
  expect(await save({ quickshear: { settings: { bufferMm: 'ten' } } })).toMatchObject({
    error: { code: 'settings-invalid' },
  });
  const image = (name: string) => ({ quickshear: { launcher: { kind: 'docker', image: name } } });
  expect(await save(image('--privileged'))).toMatchObject({ error: { code: 'bad-input' } });
});

it('that were damaged by hand are told and not guessed', async () => {
  const path = join(folder, 'state', 'settings.json');
  const before = await readFile(path);
  for (const text of ['{', '{"fslFolder": 7}', '{"unknown": true}']) {
    await writeFile(path, text);
    expect(await engine.dispatch('tools.list', {})).toMatchObject({ error: { code: 'settings-damaged' } });
  }
  await writeFile(path, before);
});

it('become places, launcher, time and values of one tool', () => {
  const machine = {
    inherited: { FS_LICENSE: '/licence' },
    user: '7:7',
    places: { atlasFolder: '/atlases', fslFolder: '/usual' },
  };
  const plain = toolStart(quickshear, {}, machine);
  expect(plain).toMatchObject({
    launcher: { kind: 'native' },
    timeoutMs: quickshear.timeoutMs,
    settings: quickshear.defaults,
    places: { fslFolder: '/usual', atlasFolder: '/atlases', environment: { FS_LICENSE: '/licence' } },
  });
  const set = toolStart(
    pydeface,
    mergedSettings(
      { fslFolder: '/fsl', launcher: { kind: 'wsl', distribution: 'Ubuntu' } },
      { tools: { pydeface: { path: '/opt/pydeface', timeoutMinutes: 1, settings: { cost: 'normmi' } } } },
    ),
    machine,
  );
  expect(set.places).toMatchObject({ fslFolder: '/fsl', programs: { pydeface: '/opt/pydeface' } });
  expect(set.timeoutMs).toBe(60_000);
  expect(set.settings).toEqual({ cost: 'normmi' });
  const { file, args } = set.launcher.wrap(
    { file: 'pydeface', args: ['in.nii.gz'], env: {} },
    { folder: 'C:\\w', readOnly: [] },
  );
  expect([file, ...args]).toEqual([
    'wsl.exe', '--distribution', 'Ubuntu', '--cd', '/mnt/c/w', '--exec', 'env',
    'PATH=/fsl/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'TMPDIR=/mnt/c/w', 'pydeface', 'in.nii.gz',
  ]); // prettier-ignore
});
