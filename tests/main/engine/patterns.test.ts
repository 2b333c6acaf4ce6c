import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine, systemClock, type OpenEngine } from '../../../src-main/engine/engine.ts';
import { openPool } from '../../../src-main/workers/pool.ts';
import { createClient } from '../../../src-shared/api/client.ts';
import { contract } from '../../../src-shared/api/contract.ts';
import { writeLearnableStudy } from '../../fixtures/learnableStudy.ts';

const folder = mkdtempSync(join(tmpdir(), 'defaceqa-patterns-'));
const workers = openPool({ size: 1 });
const engines: OpenEngine[] = [];
async function open(name: string) {
  const options = { studyFolder: join(folder, name), tools: [], workers, clock: systemClock };
  const engine = await createEngine({ ...options, software: 'test' });
  engines.push(engine);
  return createClient(contract, engine.dispatch);
}
afterAll(async () => {
  for (const engine of engines) await engine.close();
  await workers.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the map of a study', () => {
  it('holds every measured defacing, names what is odd and in what, and is the same each time', async () => {
    const { defacings } = writeLearnableStudy(join(folder, 'study'), { persons: 20, scansPerPerson: 1 });
    const db = new Database(join(folder, 'study', 'study.sqlite'));
    const spoil = db.prepare('UPDATE feature SET value = ? WHERE defacing_id = ? AND feature = ?');
    for (const feature of ['region_nose_pct', 'region_mouth_pct', 'brain_loss_ml', 'head_loss_pct', 'face_lids_pct', 'region_left_eye_pct']) spoil.run(90, defacings[7], feature); // prettier-ignore
    db.close();
    const api = await open('study');
    const map = await api['patterns.map']({});
    expect(map.items.map(({ defacingId }) => defacingId).sort()).toEqual([...defacings].sort());
    const [oddest] = map.items.toSorted((a, b) => b.oddness - a.oddness);
    expect(oddest).toMatchObject({ defacingId: defacings[7], outlier: true });
    expect(oddest.oddFeatures.map(({ z }) => z)).toEqual([8, 8, 8]);
    expect(map.featureIds).toContain('ssim');
    const names = new Map((await api['scans.list']({})).map(({ id, name }) => [id, name]));
    for (const { scanId, scanName } of map.items) expect(scanName).toBe(names.get(scanId));
    const groups = map.typical.map((id) => map.items.find((item) => item.defacingId === id)?.cluster);
    expect(new Set(groups).size).toBe(map.typical.length);
    expect(await api['patterns.map']({})).toEqual(map);
  });

  it('of a study without defacings is empty', async () => {
    const api = await open('empty');
    expect(await api['patterns.map']({})).toMatchObject({ items: [], typical: [], leftOut: 0 });
  });
});
