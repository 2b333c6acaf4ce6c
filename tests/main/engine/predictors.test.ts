import Database from 'better-sqlite3';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEngine, systemClock, type OpenEngine } from '../../../src-main/engine/engine.ts';
import { builtInTools } from '../../../src-main/tools/tools.ts';
import { studyFileName } from '../../../src-main/store/openStore.ts';
import { openPool, type Pool } from '../../../src-main/workers/pool.ts';
import type { ApiOf } from '../../../src-shared/api/call.ts';
import { createClient } from '../../../src-shared/api/client.ts';
import { contract } from '../../../src-shared/api/contract.ts';
import { features } from '../../../src-shared/features/features.ts';
import { predictorsOf } from '../../../src-shared/predictors/predictors.ts';
import { writeTinyHeads } from '../../fixtures/tinyHeads.ts';

let folder: string;
let pool: Pool;
let engine: OpenEngine;
let api: ApiOf<typeof contract>;
let heads: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'predictors-'));
  heads = join(folder, 'heads');
  await writeTinyHeads(heads, ['sub-1']);
  await writeFile(join(heads, 'participants.tsv'), 'participant_id\tage\tsex\nsub-1\t93\tF\n');
  await writeFile(
    join(heads, 'sub-1_T1w.json'),
    JSON.stringify({ Manufacturer: 'Siemens', MagneticFieldStrength: 3, EchoTime: 0.003 }),
  );
  pool = openPool({ size: 1 });
  engine = await createEngine({
    ...{ studyFolder: join(folder, 'study'), tools: builtInTools, workers: pool },
    ...{ clock: systemClock, software: 'test' },
  });
  api = createClient(contract, engine.dispatch);
});
afterAll(async () => {
  await engine.close();
  await pool.close();
  await rm(folder, { recursive: true });
});

async function run(): Promise<Record<string, string>> {
  const { jobId } = await api['runs.start']({ input: heads, tools: ['facemask-builtin'] });
  expect((await api['jobs.wait']({ jobId })).error).toBeNull();
  const steps = await api['jobs.steps']({ jobId });
  return Object.fromEntries(steps.map(({ step, state }) => [step, state]));
}
const textOf = (name: string): Promise<string> =>
  readFile(join(folder, 'study', 'derivatives', 'defaceqa', name), 'utf8');
/** The one row of the table of features, by column. */
async function row(): Promise<Record<string, string>> {
  const [names, values] = (await textOf('features.tsv')).split('\n').map((line) => line.split('\t'));
  return Object.fromEntries(names.map((name, n) => [name, values[n]]));
}
/** What the store keeps of the measurements of defacings. */
function measurements(): unknown[] {
  const db = new Database(join(folder, 'study', studyFileName), { readonly: true });
  try {
    return ['measurement', 'feature'].map((name) => db.prepare(`SELECT * FROM ${name}`).all());
  } finally {
    db.close();
  }
}

it('are measured when the study asks, beside measurements that stay; and again only when something changed', async () => {
  expect(await run()).not.toHaveProperty('predictors');
  const before = measurements();
  expect(await row()).not.toHaveProperty('texture_mean');

  await api['settings.saveStudy']({
    settings: { measureImageQuality: true, measureTexture: true, tableAboutScan: true },
  });
  expect(await run()).toMatchObject({ measure: 'kept', predictors: 'done' });
  expect(measurements()).toEqual(before);
  const [{ features: found }] = await api['defacings.list']({});
  const ids = [...features, ...predictorsOf('image-quality'), ...predictorsOf('texture')].map(({ id }) => id);
  expect(found.map(({ feature }) => feature)).toEqual(ids);
  const valueOf = (id: string): number => found.find(({ feature }) => feature === id)?.value ?? NaN;
  expect(valueOf('texture_mean')).toBeGreaterThan(0);
  expect(valueOf('iq_snr_wm')).toBeGreaterThan(1);
  const columns = Object.keys(await row());
  expect(columns).toContain('texture_glcm_energy');
  expect(Object.keys(JSON.parse(await textOf('features.json')) as object).sort()).toEqual(columns.sort());

  expect(await run()).toMatchObject({ measure: 'kept', predictors: 'kept' });
}, 90_000);

it('tell of the scan what tables and sidecar say: the age capped, the maker as a flag, the rest not known', async () => {
  expect(await row()).toMatchObject({
    ...{ age_years: '89', age_unknown: '0', sex_female: '1', scanner_siemens: '1', scanner_field_t: '3' },
    ...{ sequence_echo_ms: '3', sequence_3d: 'n/a', contrast_T1w: '1', sequence_anisotropy: '1' },
  });
});
