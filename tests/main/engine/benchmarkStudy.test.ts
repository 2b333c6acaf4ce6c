import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaceBenchmark } from '../../../src-shared/benchmark/benchmarkItem.ts';
import { benchmarkOfSize, planBenchmark } from '../../../src-shared/benchmark/benchmarkPlan.ts';
import { benchmarkScan, type BenchmarkHead } from '../../../src-shared/benchmark/benchmarkScan.ts';
import type { MeasuredScan } from '../../../src-shared/benchmark/measuredItem.ts';
import { simulatedLabels, type StudyResult } from '../../../src-shared/benchmark/studyResult.ts';
import { features } from '../../../src-shared/features/features.ts';
import { volumetricCounts } from '../../../src-shared/features/volumetricCounts.ts';
import { loadModel } from '../../../src-shared/model/trainedModel.ts';
import { benchmarkHtml } from '../../../src-shared/report/benchmarkHtml.ts';
import { benchmarkTsvs } from '../../../src-shared/report/benchmarkTables.ts';
import { encodeNifti } from '../../../src-shared/volume/writeNifti.ts';
import { benchmarkStudy } from '../../../src-main/engine/benchmarkStudy.ts';
import { measureLabelled } from '../../../src-main/engine/measureLabelled.ts';
import { readRemovalTable } from '../../../src-main/files/readRemovalTable.ts';
import { writeFileWhole } from '../../../src-main/files/writeFile.ts';
import { writeNiftiBytes } from '../../../src-main/files/writeNiftiFile.ts';
import { openPool, type Pool } from '../../../src-main/workers/pool.ts';

const settings = { ...benchmarkOfSize(11, 10, 2.6), persons: 10 };
const plan = planBenchmark(settings);
const made = new Map<number, MeasuredScan>();

/** Real heads, defacings and truth; of the measurements only the counts of voxels, as views take long. */
function countedScan(scan: number): MeasuredScan {
  const known = made.get(scan);
  if (known !== undefined) return known;
  const head = benchmarkScan(plan.scans[scan]);
  const items = plan.defacings
    .filter((defacing) => defacing.scan === scan)
    .map((defacing) => {
      const { defaced, truth } = defaceBenchmark(plan, defacing, head);
      const counts = volumetricCounts({ original: head.volume, defaced, brain: head.brain });
      const values: Record<string, number> = {
        head_loss_pct: counts.removed / counts.head,
        brain_loss_pct: counts.brainRemoved / counts.brain,
        ssim: counts.altered / counts.head,
        fsim_library: (counts.removed - counts.brainRemoved) / (counts.head - counts.brain),
      };
      return {
        index: defacing.index,
        features: Object.fromEntries(features.map(({ id }) => [id, values[id] ?? null])),
        truth,
      };
    });
  const quality = { registered: true, brainPlausible: true, brainMl: 1300, brainDice: 1 };
  const measured = { scan, items, quality, durationMs: 1 };
  made.set(scan, measured);
  return measured;
}

let folder: string;
let threads: Pool;
const asked: number[] = [];

const poolOf = (stopAfter = Infinity): Pool => ({
  ...threads,
  run: async (task, data, options) => {
    if (task !== 'benchmarkScan') return threads.run(task, data, options);
    if (asked.length >= stopAfter) throw new Error('stopped');
    const { scan } = data as { scan: number };
    asked.push(scan);
    return Promise.resolve(countedScan(scan));
  },
});
const study = (name: string, pool: Pool): Promise<StudyResult> =>
  benchmarkStudy(
    { settings, models: ['logistic'], labelled: null, softwareVersion: '0' },
    { pool, folder: join(folder, name), report: () => undefined },
  );

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchmark-'));
  threads = openPool({ size: 2 });
});
afterAll(async () => {
  await threads.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the benchmark study', () => {
  let whole: StudyResult;

  it('goes from a seed to models, tables and a page', async () => {
    whole = await study('whole', poolOf());
    expect(asked).toHaveLength(10);
    expect(whole.counts.defacings).toBe(40);
    expect(whole.results.map(({ criterion, set }) => `${criterion} ${set}`)).toEqual([
      'strict paper-8',
      'strict everything',
      'lenient paper-8',
      'lenient everything',
    ]);
    for (const { rows, recalls, items, proofs } of whole.results) {
      // So few persons support no threshold: nothing is passed, and that is said.
      expect(proofs.length).toBeGreaterThan(0);
      for (const proof of proofs) expect(proof.foldsWithoutThreshold).toBe(proof.folds);
      expect(rows.some(({ model }) => model === 'always-insufficient')).toBe(true);
      expect(rows.some(({ variant }) => variant === 'without-method')).toBe(true);
      const counted = recalls[0].byFailure.reduce(
        (sum, { insufficient, adequate }) => sum + insufficient + adequate,
        0,
      );
      expect(counted).toBe(items);
    }
    expect(whole.cutPoints[0].changed).toBe(0);
    const model = loadModel(
      readFileSync(join(folder, 'whole', 'models', 'lenient_paper-8_method-free_logistic.json'), 'utf8'),
    );
    expect(model.features.map(({ id }) => id)).not.toContain('method_template-mask');
  });

  it('says on the page and in every table what its labels are', () => {
    const page = benchmarkHtml(whole);
    const tables = page.split('<figure>').slice(1);
    expect(tables.length).toBeGreaterThan(10);
    for (const table of tables) expect(table).toContain(simulatedLabels);
    expect(page).not.toMatch(/<script|https?:\/\/(?!doi)/);
    for (const text of Object.values(benchmarkTsvs(whole)))
      for (const line of text.trim().split('\n').slice(1)) expect(line).toContain(simulatedLabels);
  });

  it('goes on where it was stopped, and comes to the same', async () => {
    asked.length = 0;
    await expect(study('stopped', poolOf(4))).rejects.toThrow('stopped');
    const before = [...asked];
    expect(before).toHaveLength(4);
    const again = await study('stopped', poolOf());
    expect(new Set(asked).size).toBe(10);
    expect(asked).toHaveLength(10);
    expect(again).toEqual(whole);
    asked.length = 0;
    expect(await study('stopped', poolOf())).toEqual(whole);
    expect(asked).toEqual([]);
  });

  it('measures again when a line of its notes is broken', async () => {
    const path = join(folder, 'stopped', 'scans.jsonl');
    const lines = readFileSync(path, 'utf8').split('\n');
    await writeFileWhole(path, [...lines.slice(0, -1), lines[lines.length - 1].slice(0, 40)].join('\n'));
    asked.length = 0;
    expect(await study('stopped', poolOf())).toEqual(whole);
    expect(asked).toHaveLength(1);
  });
});

describe('a table of removal masks', () => {
  let head: BenchmarkHead;
  const table = (): string => join(folder, 'labels', 'labels.tsv');
  beforeAll(async () => {
    head = benchmarkScan(plan.scans[0]);
    await writeNiftiBytes(join(folder, 'labels', 'heads', 'one.nii.gz'), encodeNifti(head.volume));
    const face = Uint8Array.from(head.labels.labels, (label) => (label >= 2 && label <= 8 ? 1 : 0));
    await writeNiftiBytes(
      join(folder, 'labels', 'm', 'face.nii.gz'),
      encodeNifti({ ...head.volume, bits: face }),
    );
    await writeNiftiBytes(
      join(folder, 'labels', 'm', 'small.nii.gz'),
      encodeNifti({ shape: [2, 2, 2], affine: head.volume.affine, bits: new Uint8Array(8) }),
    );
    await writeFileWhole(
      table(),
      'head\tmask\tverdict\tborderline\none\tm/face.nii.gz\t1\t\none\tm/small.nii.gz\t3\t2\none\tm/none.nii.gz\tx\t\nmissing\tm/face.nii.gz\t2\t\n',
    );
  });

  it('is applied to the stored values and measured; what cannot be used is told and the rest goes on', async () => {
    const rows = await readRemovalTable(table());
    const work = { pool: threads, folder: join(folder, 'labels', 'out'), report: () => undefined };
    const measured = await measureLabelled(rows, work);
    expect(measured.items.map(({ mask, verdict }) => [mask, verdict])).toEqual([['m/face.nii.gz', 1]]);
    const { features: values } = measured.items[0];
    expect(values.head_loss_pct).toBeGreaterThan(3);
    expect(values.ssim).toBeLessThan(0.99);
    expect(values.fsim_library).toBeLessThan(0.99);
    expect(measured.leftOut.map(({ mask }) => mask)).toEqual([
      'm/small.nii.gz',
      'm/none.nii.gz',
      'm/face.nii.gz',
    ]);
    expect(measured.leftOut.every(({ reason }) => reason.length > 10)).toBe(true);
    expect(existsSync(join(folder, 'labels', 'out', 'labelled-heads.jsonl'))).toBe(true);
    const idle: Pool = { ...threads, run: () => Promise.reject(new Error('measured twice')) };
    const kept = await measureLabelled(rows.slice(0, 3), { ...work, pool: idle });
    expect(kept.items).toEqual(measured.items);
  });
});
