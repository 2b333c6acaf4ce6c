import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { afniRefacer } from '../../../src-main/tools/afniRefacer.ts';
import { fslDeface } from '../../../src-main/tools/fslDeface.ts';
import { mideface } from '../../../src-main/tools/mideface.ts';
import { mriDeface } from '../../../src-main/tools/mriDeface.ts';
import type { ProgramTool } from '../../../src-main/tools/programTool.ts';
import { quickshear } from '../../../src-main/tools/quickshear.ts';
import { runTool } from '../../../src-main/tools/runTool.ts';
import type { Mask } from '../../../src-shared/volume/volume.ts';
import { brain, head, runStandIn } from './standIn.ts';

/** What the stand-in takes, on the stored grid: canonical front third and lower half, by world place. */
const truth = head.values.map((value, n) => {
  const [j, k] = [23 - (Math.floor(n / 20) % 24), 17 - Math.floor(n / 480)];
  return j > 16 && k < 9 && value !== 0 ? 1 : 0;
});
const sameAsTruth = (mask: Mask | null): boolean =>
  mask?.bits.every((bit, n) => head.values[n] === 0 || bit === truth[n]) ?? false;
const alive = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};
const grandchild = async (folder: string): Promise<number> => {
  const path = join(folder, 'grandchild');
  for (let n = 0; n < 100 && !existsSync(path); n++) await sleep(50);
  await sleep(300);
  return Number(readFileSync(path, 'utf8'));
};

describe('the runner on stand-ins that behave as documented', () => {
  const rows: readonly [ProgramTool, string, string][] = [
    [fslDeface, 'works', 'done'],
    [fslDeface, 'works as int16', 'done'],
    [fslDeface, 'exit 0 without output', 'output-missing'],
    [fslDeface, 'exit 0 after an exception', 'registration-failed'],
    [fslDeface, 'rescales integers', 'done'],
    [fslDeface, 'scales brightness', 'done'],
    [fslDeface, 'soft edge', 'done'],
    [fslDeface, 'rewrites the header', 'wrong-grid'],
    [fslDeface, 'swaps the extension', 'done'],
    [fslDeface, 'removes nothing', 'nothing-removed'],
    [fslDeface, 'removes everything', 'registration-failed'],
    [fslDeface, 'removes brain', 'brain-cut'],
    [fslDeface, 'writes half a file', 'output-unreadable'],
    [fslDeface, 'fails with a whole file', 'tool-failed'],
    [fslDeface, 'is killed', 'killed'],
    [mriDeface, 'logs in the current folder', 'done'],
    [mriDeface, 'erases nearly nothing', 'registration-failed'],
    [mriDeface, 'cannot read an atlas', 'atlas-missing'],
    [mideface, 'has no licence', 'licence-missing'],
    [afniRefacer, 'replaces the face', 'done'],
  ];
  it.each(rows.map(([tool, behaviour, outcome]) => [tool.id, behaviour, outcome, tool] as const))(
    '%s that %s ends as %s',
    async (_, behaviour, outcome, tool) => {
      const run = await runStandIn(tool, behaviour);
      expect(run.outcome).toBe(outcome);
      if (outcome !== 'done') {
        expect(run.reason.length).toBeGreaterThan(10);
        return;
      }
      expect(run.rawOutputPath).not.toBeNull();
      if (behaviour !== 'soft edge' && behaviour !== 'replaces the face')
        expect(sameAsTruth(run.mask)).toBe(true);
    },
  );

  it('decides a soft edge where half of the value is left', async () => {
    const { mask } = await runStandIn(fslDeface, 'soft edge');
    const row = (canonicalRow: number): number =>
      mask === null
        ? NaN
        : mask.bits.filter((bit, n) => bit === 1 && Math.floor(n / 20) % 24 === 23 - canonicalRow).length;
    expect(row(16)).toBe(0);
    expect(row(17)).toBeGreaterThan(200);
  });

  it('undoes a linear change of brightness before it compares', async () => {
    const { intake } = await runStandIn(fslDeface, 'scales brightness');
    expect(intake?.facts?.rescaling.slope).toBeCloseTo(0.37, 3);
    expect(intake?.facts?.keptButAlteredVoxels).toBe(0);
  });

  it('marks a replaced face and what was replaced', async () => {
    const run = await runStandIn(afniRefacer, 'replaces the face');
    expect(run.refaced).toBe(true);
    expect(sameAsTruth(run.mask)).toBe(true);
  });

  it('gives a program its own folder and an environment of named variables only', async () => {
    const inherited = { ...process.env, PYTHONPATH: '/elsewhere', SECRET: 'x' };
    const { folder } = await runStandIn(fslDeface, 'tells its environment', { inherited });
    const env = JSON.parse(readFileSync(join(folder, 'environment.json'), 'utf8')) as Record<string, string>;
    expect(env).toMatchObject({
      cwd: folder,
      TMPDIR: folder,
      LC_ALL: 'C',
      OMP_NUM_THREADS: '1',
      FSLOUTPUTTYPE: 'NIFTI_GZ',
    });
    expect(env).not.toHaveProperty('PYTHONPATH');
    expect(env).not.toHaveProperty('SECRET');
  });

  it('keeps the ends of 100 MB of output and counts what it left out', async () => {
    const run = await runStandIn(fslDeface, 'prints 100 MB');
    expect(run.outcome).toBe('done');
    expect(statSync(run.logPath).size).toBeLessThan(6_500_000);
    const log = readFileSync(run.logPath, 'utf8');
    expect(log).toMatch(/\[\d+ bytes of output left out here\]/);
    expect(log).toContain('last line');
  });

  it.each(['hangs with a grandchild', 'hangs with an escaped grandchild'])(
    'ends a program that %s within 2 s of the cancel',
    async (behaviour) => {
      const stop = new AbortController();
      const folder = `/tmp/defaceqa-cancel-${process.pid}-${behaviour.length}`;
      const running = runStandIn(fslDeface, behaviour, { signal: stop.signal, workFolder: folder });
      const pid = await grandchild(folder);
      expect(alive(pid)).toBe(true);
      const asked = performance.now();
      stop.abort();
      const run = await running;
      expect(performance.now() - asked).toBeLessThan(2000);
      expect(run.outcome).toBe('cancelled');
      await sleep(50);
      expect(alive(pid)).toBe(false);
    },
  );

  it('ends a program that takes too long', async () => {
    const run = await runStandIn(fslDeface, 'hangs with a grandchild', { timeoutMs: 5000 });
    expect(run.outcome).toBe('timed-out');
    expect(alive(await grandchild(run.folder))).toBe(false);
  });

  it('does not wait for ever for a grandchild that keeps the pipe', async () => {
    const run = await runStandIn(fslDeface, 'leaves a grandchild on the pipe');
    expect(run.outcome).toBe('done');
    expect(run.end?.durationMs).toBeLessThan(6000);
    expect(alive(await grandchild(run.folder))).toBe(false);
  });

  it('records time and memory', async () => {
    const { end } = await runStandIn(fslDeface, 'works');
    expect(end?.durationMs).toBeGreaterThan(50);
    expect(end?.peakMemoryMb).toBeGreaterThan(1);
  });

  it('runs eight at once that do not disturb each other', async () => {
    const behaviours = ['works', 'logs in the current folder', 'removes nothing', 'swaps the extension'];
    const runs = await Promise.all([...behaviours, ...behaviours].map((b) => runStandIn(fslDeface, b)));
    expect(runs.map((run) => run.outcome)).toEqual([
      'done', 'done', 'nothing-removed', 'done', 'done', 'done', 'nothing-removed', 'done',
    ]); // prettier-ignore
    expect(new Set(runs.map((run) => run.folder)).size).toBe(8);
    for (const run of runs) if (run.outcome === 'done') expect(sameAsTruth(run.mask)).toBe(true);
  }, 30_000);
});

describe('what is missing before a start', () => {
  const bare = {
    volume: head,
    places: {},
    inherited: { PATH: '' },
    workFolder: '/tmp/unused',
    logPath: '/tmp/unused.log',
  };
  it('is a brain mask', async () => {
    expect((await runTool({ ...bare, tool: quickshear })).outcome).toBe('brain-mask-missing');
  });
  it('is a program, with what to install', async () => {
    const run = await runTool({ ...bare, tool: quickshear, brain });
    expect(run).toMatchObject({ outcome: 'tool-missing' });
    expect(run.reason).toContain('pip install quickshear');
  });
});
