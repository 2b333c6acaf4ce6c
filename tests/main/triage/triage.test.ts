import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine, systemClock, type OpenEngine } from '../../../src-main/engine/engine.ts';
import { openPool } from '../../../src-main/workers/pool.ts';
import type { ApiOf } from '../../../src-shared/api/call.ts';
import { createClient } from '../../../src-shared/api/client.ts';
import { contract } from '../../../src-shared/api/contract.ts';
import type { TriageRun } from '../../../src-shared/api/triageCalls.ts';
import { parseNiftiImage } from '../../../src-shared/volume/nifti.ts';
import { writeLearnableStudy } from '../../fixtures/learnableStudy.ts';
import { writeTinyHeads } from '../../fixtures/tinyHeads.ts';

const folder = mkdtempSync(join(tmpdir(), 'defaceqa-triage-'));
const workers = openPool({ size: 2 });
const engines: OpenEngine[] = [];
async function open(study: string): Promise<ApiOf<typeof contract>> {
  const engine = await createEngine({
    studyFolder: study,
    tools: [],
    workers,
    clock: systemClock,
    software: 'test',
  });
  engines.push(engine);
  return createClient(contract, engine.dispatch);
}
afterAll(async () => {
  for (const engine of engines) await engine.close();
  await workers.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('triage of a study', () => {
  let api: ApiOf<typeof contract>;
  let modelId: string;
  let run: TriageRun;
  beforeAll(async () => {
    const study = join(folder, 'study');
    writeLearnableStudy(study, { persons: 110, scansPerPerson: 1, unlabelled: 40 });
    api = await open(study);
    const { evaluationId, jobId } = await api['evaluations.start']({
      ...{
        criteria: ['lenient'],
        features: ['ssim', 'head_loss_pct', 'rmse'],
        method: false,
        selection: false,
      },
      ...{ models: ['logistic'], outerFolds: 3, innerFolds: 2, repeats: 1, seed: 5 },
      ...{ withoutMethod: false, leaveOneToolOut: false },
    });
    expect((await api['jobs.wait']({ jobId })).state).toBe('done');
    modelId = (await api['models.keep']({ evaluationId, criterion: 'lenient', model: 'logistic', variant: 'all', name: 'first' })).id; // prettier-ignore
    await api['models.use']({ modelId, use: true });
    run = await api['triage.start']({ modelId, alpha: 0.1, delta: 0.05 });
  }, 60_000);

  it('states its risk with everything it depends on', () => {
    expect(run.statement.lower).toMatchObject({ kind: 'threshold' });
    expect(run.sentence).toMatch(/at most 10 % are passed, with 95 % confidence: \d+ of \d+ persons missed/);
    expect(run.sentence).toMatch(/facemask-builtin, pydeface, quickshear-builtin, FLAIR/);
    expect(run.decided.n).toBe(330);
    expect(Object.values(run.counts).reduce((sum, n) => sum + n, 0)).toBe(330);
    expect(run.counts.pass).toBeGreaterThan(0);
  });

  it('says how many rated people are missing for a risk the study can not support', async () => {
    const { statement, sentence } = await api['triage.statement']({ modelId, alpha: 0.01 });
    expect(statement.lower).toMatchObject({ kind: 'not-enough', needed: 299 });
    expect(sentence).toMatch(/^Not enough rated scans: \d+ of 299 persons/);
  });

  it('queues what people have to look at, dearest first, and leaves out what is labelled', async () => {
    const items = await api['triage.items']({ runId: run.id });
    const queue = items.filter(({ place }) => place !== null).sort((a, b) => (a.place ?? 0) - (b.place ?? 0));
    const open = queue.filter(({ audit }) => !audit);
    expect(open.map(({ cost }) => cost)).toEqual(open.map(({ cost }) => cost).sort((a, b) => b - a));
    expect(queue.every(({ label }) => label === null)).toBe(true);
    expect(items.filter(({ decision }) => decision === 'fail').every(({ place }) => place === null)).toBe(
      true,
    );
  });

  it('makes a verdict of the queue a label, at once', async () => {
    const before = await api['triage.items']({ runId: run.id });
    const [first] = before.filter(({ place }) => place === 1);
    await api['triage.review']({
      defacingId: first.defacingId,
      verdict: 2,
      brainCut: false,
      name: 'A. Berger',
    });
    const after = (await api['triage.items']({ runId: run.id })).find(
      ({ defacingId }) => defacingId === first.defacingId,
    );
    expect(after).toMatchObject({ label: 0, place: null });
    const db = new Database(join(folder, 'study', 'study.sqlite'), { readonly: true });
    const record = db.prepare("SELECT body FROM record WHERE kind = 'triage-verdict'").get() as {
      body: string;
    };
    db.close();
    expect(JSON.parse(record.body)).toMatchObject({ verdict: 2, name: 'A. Berger' });
    const next = await api['triage.next']({ modelId, count: 5 });
    expect(next).toHaveLength(5);
    expect(next.map(({ defacingId }) => defacingId)).not.toContain(first.defacingId);
  });

  it('takes a verdict back as if it had not been given, and keeps it in the log', async () => {
    const find = async (id: string) =>
      (await api['triage.items']({ runId: run.id })).find(({ defacingId }) => defacingId === id);
    const [{ defacingId }] = (await api['triage.items']({ runId: run.id })).filter(
      ({ place }) => place === 1,
    );
    const give = (verdict: 1 | 2 | 3, brainCut: boolean) =>
      api['triage.review']({ defacingId, verdict, brainCut, name: 'A. Berger' });
    await give(1, true);
    expect(await find(defacingId)).toMatchObject({ label: 0, said: { verdict: 1, brainCut: true } });
    // Adequate, but brain was cut: it is not one that may be used.
    const candidates = async () =>
      (await api['choices.list']({})).flatMap((each) => each.candidates).find((each) => each.defacingId === defacingId); // prettier-ignore
    expect(await candidates()).toMatchObject({ label: 0, passes: false });
    await give(1, false);
    expect(await candidates()).toMatchObject({ label: 0, passes: true });
    await give(3, false);
    expect(await find(defacingId)).toMatchObject({ label: 1, said: { verdict: 3 } });
    for (const label of [0, 0, null]) {
      expect(await api['triage.takeBack']({ defacingId })).toEqual({ taken: true });
      expect(await find(defacingId)).toMatchObject({ label });
    }
    expect(await api['triage.takeBack']({ defacingId })).toEqual({ taken: false });
    expect((await find(defacingId))?.place).toBe(1);
    const db = new Database(join(folder, 'study', 'study.sqlite'), { readonly: true });
    const kinds = db.prepare("SELECT kind FROM record WHERE kind LIKE 'triage-verdict%'").all();
    db.close();
    expect(kinds).toHaveLength(7);
  });

  it('does not count a verdict on a defacing that was made anew', async () => {
    const [first] = (await api['triage.items']({ runId: run.id })).filter(({ place }) => place === 1);
    const { defacingId } = first;
    await api['triage.review']({ defacingId, verdict: 1, brainCut: false, name: 'A. Berger' });
    const label = async () =>
      (await api['triage.items']({ runId: run.id })).find((item) => item.defacingId === defacingId)?.label;
    expect(await label()).toBe(0);
    const db = new Database(join(folder, 'study', 'study.sqlite'));
    db.prepare("UPDATE defacing SET input_key = 'other' WHERE id = ?").run(defacingId);
    expect(await label()).toBeNull();
    db.prepare("UPDATE defacing SET input_key = 'k' WHERE id = ?").run(defacingId);
    db.close();
    expect(await label()).toBe(0);
    await api['triage.takeBack']({ defacingId });
  });

  it('audits what nobody has labelled, more of it on request, and bounds what escapes', async () => {
    const audited = async () => (await api['triage.items']({ runId: run.id })).filter(({ audit }) => audit);
    const before = await audited();
    expect(before.length).toBe(5);
    expect(before.every(({ label, decision }) => label === null && decision === 'pass')).toBe(true);
    expect(await api['triage.audit']({ runId: run.id })).toMatchObject({ chosen: 5, looked: 0, n: 0, bound: 1, needed: 29 }); // prettier-ignore
    for (const { defacingId } of before.slice(0, 3))
      await api['triage.review']({ defacingId, verdict: 2, brainCut: false, name: 'A. Berger' });
    const persons = new Set(before.slice(0, 3).map(({ person }) => person)).size;
    const state = await api['triage.audit']({ runId: run.id });
    expect(state).toMatchObject({ looked: 3, k: 0, n: persons });
    expect(state.bound).toBeCloseTo(1 - 0.05 ** (1 / persons), 9);
    const { drawn } = await api['triage.drawAudit']({ runId: run.id, count: 2 });
    expect(drawn).toBe(2);
    expect((await audited()).length).toBe(7);
  });

  it('tells of what was held what the model had never seen', async () => {
    const items = await api['triage.items']({ runId: run.id });
    for (const { decision, outside } of items) if (decision !== 'hold') expect(outside).toEqual([]);
    const held = items.filter(({ outside }) => outside.length > 0);
    expect(held.length).toBeGreaterThan(0);
    expect(held.every(({ outside }) => outside.every(({ kind }) => kind === 'feature'))).toBe(true);
  });

  it('finds no drift in the batch it was tested on', async () => {
    const all = await api['triage.drift']({ runId: run.id, batch: 'all' });
    expect(all.findings.length).toBeGreaterThan(2);
    expect(all.findings.filter(({ drifted }) => drifted)).toEqual([]);
    // Forty defacings have no label, so thirteen persons were never tested on.
    expect(await api['triage.drift']({ runId: run.id })).toMatchObject({ personsBefore: 97, personsNow: 13 });
  });

  it('decides the same elsewhere from a file, which names nobody, and refuses the file after an edit', async () => {
    const { name, text } = await api['triage.packModel']({ modelId });
    const path = join(folder, name);
    await writeFile(path, text);
    expect(text).not.toMatch(/"person":"\d{3}"/);
    expect(await api['triage.findModels']({ folder })).toMatchObject([
      { path, criterion: 'lenient', tested: 290, problem: null },
    ]);
    const added = await api['triage.addModel']({ path });
    const again = await api['triage.start']({ modelId: added.id, alpha: 0.1, delta: 0.05 });
    expect(again.counts).toEqual(run.counts);
    expect(again.statement.lower).toMatchObject({ k: run.statement.lower.kind === 'threshold' ? run.statement.lower.k : -1 }); // prettier-ignore
    await writeFile(path, text.replace('"label":1', '"label":0'));
    await expect(api['triage.addModel']({ path })).rejects.toMatchObject({ code: 'model-file' });
    const [edited] = await api['triage.findModels']({ folder });
    expect(edited.problem).toMatch(/changed after it was saved/);
  });

  it('a model without tests passes nothing', async () => {
    const path = join(folder, 'bare.json');
    await writeFile(path, (await api['models.card']({ modelId })).file.text);
    const { id } = await api['triage.addModel']({ path });
    const bare = await api['triage.start']({ modelId: id });
    expect(bare.counts.pass).toBe(0);
    expect(bare.sentence).toMatch(/^Not enough rated scans: 0 of 59/);
  });
});

describe('defacings made elsewhere', () => {
  it('are matched, taken as they are, and judged: another person, nothing removed, another grid', async () => {
    const originals = join(folder, 'originals');
    const defaced = join(folder, 'defaced');
    await mkdir(defaced, { recursive: true });
    await writeTinyHeads(originals, ['sub-1', 'sub-2', 'sub-3', 'sub-4']);
    const read = (name: string): Buffer => gunzipSync(readFileSync(join(originals, `${name}_T1w.nii.gz`)));
    /** Takes away all that lies two voxels and more in front of the brain of `name`. */
    const cut = (bytes: Buffer, name: string): Buffer => {
      const image = parseNiftiImage(bytes);
      const brain = parseNiftiImage(
        gunzipSync(readFileSync(join(originals, `${name}_desc-brain_mask.nii.gz`))),
      );
      const out = Buffer.from(bytes);
      const [nx, ny, nz] = image.grid.shape;
      const size = image.stored.length / (nx * ny * nz);
      const start = bytes.length - image.stored.length;
      const isBrain = (x: number, y: number, z: number): boolean => brain.stored[x + nx * (y + ny * z)] !== 0;
      const front = (x: number, z: number): number => {
        let y = ny - 1;
        while (y > 0.6 * ny && !isBrain(x, y, z)) y--;
        return y;
      };
      for (let z = 0; z < nz; z++)
        for (let x = 0; x < nx; x++) {
          const near = [-1, 0, 1].flatMap((dx) =>
            [-1, 0, 1].map((dz) => front(x + dx, Math.min(nz - 1, Math.max(0, z + dz)))),
          );
          for (let y = Math.floor(Math.max(...near)) + 2; y < ny; y++) {
            const at = start + (x + nx * (y + ny * z)) * size;
            out.fill(0, at, at + size);
          }
        }
      return out;
    };
    await writeFile(join(defaced, 'sub-1_T1w_defaced.nii.gz'), gzipSync(cut(read('sub-1'), 'sub-1')));
    // The voxels of somebody else under the header of sub-2.
    const two = read('sub-2');
    const other = parseNiftiImage(read('sub-1'));
    const own = parseNiftiImage(two);
    const wrong = Buffer.from(two);
    for (let n = 0; n < own.stored.length; n++) wrong[two.length - own.stored.length + n] = other.stored[n % other.stored.length]; // prettier-ignore
    await writeFile(join(defaced, 'sub-2_T1w_defaced.nii.gz'), gzipSync(cut(wrong, 'sub-2')));
    await writeFile(join(defaced, 'sub-3_T1w_defaced.nii.gz'), gzipSync(read('sub-3')));
    const small = Buffer.from(read('sub-4'));
    small.writeFloatLE(small.readFloatLE(292) + 30, 292);
    await writeFile(join(defaced, 'sub-4_T1w_defaced.nii.gz'), gzipSync(small));
    await writeFile(join(defaced, 'stranger.nii.gz'), gzipSync(small));
    const api = await open(join(folder, 'given'));
    const match = await api['triage.matchGiven']({ originals, defaced });
    expect(match.pairs.map(({ original, how }) => `${original} ${how}`)).toEqual(
      [1, 2, 3, 4].map((n) => `sub-${n}_T1w.nii.gz name`),
    );
    expect(match.unmatched).toMatchObject([{ defaced: 'stranger.nii.gz' }]);
    expect(match.alone).toEqual([]);
    expect(await api['scans.list']({})).toEqual([]);
    const { jobId } = await api['triage.takeGiven']({ originals, defaced, label: 'Lab X' });
    expect((await api['jobs.wait']({ jobId })).error).toBeNull();
    const bare = join(folder, 'bare.json');
    const { id } = await api['triage.addModel']({ path: bare });
    const run = await api['triage.start']({ modelId: id });
    const items = await api['triage.items']({ runId: run.id });
    const of = (scan: string) => items.find((item) => item.scan === `${scan}_T1w`);
    expect(of('sub-2')).toMatchObject({
      decision: 'fail',
      reasons: expect.arrayContaining(['What was kept is not the head of its original.']) as string[],
    });
    expect(of('sub-3')).toMatchObject({ decision: 'fail', reasons: ['Nothing was removed.'] });
    expect(of('sub-4')).toMatchObject({
      decision: 'fail',
      reasons: ['It does not lie on the grid of its original.'],
    });
    expect(of('sub-1')?.tool).toBe('given-labx');
    expect(of('sub-1')?.reasons.join(' ')).toMatch(/never seen a defacing by given-labx/);
    const passed = await api['scans.passedOver']({});
    expect(passed.map(({ relativePath }) => relativePath)).toContain('stranger.nii.gz');
    // Now that the originals are known, another lab's defacings of some of them can join.
    const again = await api['triage.takeGiven']({ originals: null, defaced, label: 'Lab Y', leaveOut: ['sub-1_T1w_defaced.nii.gz', 'sub-2_T1w_defaced.nii.gz', 'sub-4_T1w_defaced.nii.gz'] }); // prettier-ignore
    expect((await api['jobs.wait'](again)).error).toBeNull();
    const tools = (await api['defacings.list']({})).map(({ tool }) => tool);
    expect(tools.filter((tool) => tool === 'given-laby')).toHaveLength(1);
  }, 120_000);
});
