import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEngine, systemClock } from '../../../src-main/engine/engine.ts';
import { builtInTools } from '../../../src-main/tools/tools.ts';
import { openPool } from '../../../src-main/workers/pool.ts';
import type { ApiOf } from '../../../src-shared/api/call.ts';
import { createClient } from '../../../src-shared/api/client.ts';
import { contract } from '../../../src-shared/api/contract.ts';
import type { Job } from '../../../src-shared/domain/study.ts';
import { writeTinyHeads } from '../../fixtures/tinyHeads.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'defaceqa-bad-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Api = ApiOf<typeof contract>;

async function withStudy<T>(study: string, work: (api: Api) => Promise<T>): Promise<T> {
  const workers = openPool({ size: 2 });
  try {
    const engine = await createEngine({
      studyFolder: study,
      tools: builtInTools,
      workers,
      clock: systemClock,
      software: 'test',
    });
    try {
      return await work(createClient(contract, engine.dispatch));
    } finally {
      await engine.close();
    }
  } finally {
    await workers.close();
  }
}

async function run(api: Api, input: string, tools = ['facemask-builtin']): Promise<Job> {
  const { jobId } = await api['runs.start']({ input, tools });
  return api['jobs.wait']({ jobId });
}

describe('a folder of anything', () => {
  it('that is empty ends with a sentence', async () => {
    const input = join(folder, 'empty');
    mkdirSync(input);
    const job = await withStudy(join(folder, 'study'), (api) => run(api, input));
    expect(job).toMatchObject({ state: 'failed', error: { code: 'nothing-found' } });
    expect(job.error?.message).toMatch(/no image in this folder/);
  });

  it('that is not there ends with a sentence', async () => {
    const job = await withStudy(join(folder, 'study'), (api) => run(api, join(folder, 'nowhere')));
    expect(job).toMatchObject({ state: 'failed', error: { code: 'file-missing' } });
  });

  it('has every bad file recorded with its reason while the good ones go through, whatever they are called', async () => {
    const input = join(folder, 'Köpfe und 🧠');
    await writeTinyHeads(input, [`ünï çödé 😀 ${'x'.repeat(180)}`, '😀']);
    writeFileSync(join(input, 'text.nii.gz'), 'this is no image');
    writeFileSync(join(input, 'cut.nii.gz'), gzipSync(Buffer.alloc(100_000, 7)).subarray(0, 60));
    writeFileSync(join(input, 'empty.nii'), '');
    symlinkSync(input, join(input, 'loop'));
    const found = await withStudy(join(folder, 'study'), async (api) => {
      expect(await run(api, input)).toMatchObject({ state: 'done' });
      return {
        scans: await api['scans.list']({}),
        defacings: await api['defacings.list']({}),
        passed: await api['scans.passedOver']({}),
      };
    });
    const bad = found.scans.filter(({ relativePath }) => /^(text|cut|empty)/.test(relativePath));
    expect(bad.map(({ state }) => state)).toEqual(['unreadable', 'unreadable', 'unreadable']);
    for (const { reason } of bad) expect(reason).toMatch(/\.$/);
    expect(found.scans.filter(({ state }) => state === 'ok')).toHaveLength(2);
    expect(found.defacings.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
    expect(found.passed.map(({ reason }) => reason)).toContain('folder-loop');
    // Names we invent hold ASCII letters only and fit any file system.
    for (const name of readdirSync(join(folder, 'study'), { recursive: true }))
      expect(String(name)).toMatch(/^[\x20-\x7e]{1,250}$/);
  });

  it('keeps one of two equal files, always the same one', async () => {
    const input = join(folder, 'heads');
    await writeTinyHeads(input, ['sub-1']);
    await writeTinyHeads(join(input, 'again'), ['sub-1']);
    const scans = await withStudy(join(folder, 'study'), async (api) => {
      const { jobId } = await api['imports.start']({ input });
      await api['jobs.wait']({ jobId });
      return api['scans.list']({});
    });
    const states = scans
      .filter(({ relativePath }) => relativePath.endsWith('T1w.nii.gz'))
      .map(({ relativePath, state }) => `${relativePath} ${state}`);
    expect(states.sort()).toEqual(['again/sub-1_T1w.nii.gz ok', 'sub-1_T1w.nii.gz duplicate']);
  });

  it('can be stopped, and goes on where it was', async () => {
    const input = join(folder, 'heads');
    await writeTinyHeads(input, ['sub-1', 'sub-2']);
    await withStudy(join(folder, 'study'), async (api) => {
      const tools = ['facemask-builtin'];
      const { jobId } = await api['runs.start']({ input, tools });
      while ((await api['defacings.list']({})).length === 0)
        await new Promise((resolve) => setTimeout(resolve, 5));
      expect(await api['jobs.cancel']({ jobId })).toEqual({ cancelled: true });
      expect(await api['jobs.wait']({ jobId })).toMatchObject({ state: 'cancelled' });
      const before = (await api['defacings.list']({})).length;
      expect(before).toBeLessThan(3);
      expect(await run(api, input, tools)).toMatchObject({ state: 'done' });
      expect(await api['defacings.list']({})).toHaveLength(2);
      expect((await api['study.verify']({})).problems).toEqual([]);
    });
  });

  it('that loses a scan on the way tells so and does the rest', async () => {
    const input = join(folder, 'heads');
    await writeTinyHeads(input, ['sub-1', 'sub-2']);
    await withStudy(join(folder, 'study'), async (api) => {
      const { jobId } = await api['imports.start']({ input });
      await api['jobs.wait']({ jobId });
      rmSync(join(input, 'sub-1_T1w.nii.gz'));
      const second = await api['runs.start']({ tools: ['facemask-builtin'] });
      expect(await api['jobs.wait'](second)).toMatchObject({ state: 'done' });
      const failed = (await api['jobs.steps'](second)).filter(({ state }) => state === 'failed');
      expect(failed).toMatchObject([{ step: 'prepare', code: 'file-missing' }]);
      expect(await api['defacings.list']({})).toHaveLength(1);
    });
  });

  it('is verified: a changed and a lost file are found', async () => {
    const input = join(folder, 'heads');
    const study = join(folder, 'study');
    await writeTinyHeads(input, ['sub-1']);
    await withStudy(study, async (api) => {
      await run(api, input);
      writeFileSync(join(study, 'views', 'sub-1_T1w', 'original', 'front.png'), 'other');
      rmSync(join(study, 'derivatives', 'defaceqa', 'features.tsv'));
      expect((await api['study.verify']({})).problems).toEqual([
        { path: 'derivatives/defaceqa/features.tsv', problem: 'missing' },
        { path: 'views/sub-1_T1w/original/front.png', problem: 'changed' },
      ]);
    });
  });
});

const isRoot = process.getuid?.() === 0;

it('a file that may not be read is recorded as such, and the rest goes on', async () => {
  const input = join(folder, 'heads');
  await writeTinyHeads(input, ['sub-1', 'sub-2']);
  chmodSync(join(input, 'sub-1_T1w.nii.gz'), 0);
  // Root may read everything, so root runs it without that right.
  const rights = isRoot ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--'] : [];
  const cli = join(import.meta.dirname, '../../../src-main/hosts/cli/cli.ts');
  const [program, ...args] = [
    ...rights,
    process.execPath,
    cli,
    'run',
    input,
    '--study',
    join(folder, 'study'),
    '--json',
  ];
  const { scans } = JSON.parse(execFileSync(program, args, { encoding: 'utf8' })) as {
    scans: { relativePath: string; state: string; errorCode: string | null }[];
  };
  const byPath = Object.fromEntries(scans.map((scan) => [scan.relativePath, scan]));
  expect(byPath['sub-1_T1w.nii.gz']).toMatchObject({ state: 'unreadable', errorCode: 'file-forbidden' });
  expect(byPath['sub-2_T1w.nii.gz']).toMatchObject({ state: 'ok' });
});

const mountable = isRoot && canMount();
function canMount(): boolean {
  const place = mkdtempSync(join(tmpdir(), 'defaceqa-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'ignore' });
    execFileSync('umount', [place]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

// No hard failure in CI: containers seldom let anyone mount.
(mountable ? describe : describe.skip)('a full disk (skipped: needs the right to mount a tmpfs)', () => {
  it('ends the job with a sentence; with room made the same run goes through and nothing half-written is there', async () => {
    const input = join(folder, 'heads');
    const study = join(folder, 'study');
    await writeTinyHeads(input, ['sub-1', 'sub-2']);
    mkdirSync(study);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1200k', 'tmpfs', study]);
    try {
      await withStudy(study, async (api) => {
        const job = await run(api, input);
        expect(job).toMatchObject({ state: 'failed', error: { code: 'disk-full' } });
        expect((await api['study.verify']({})).problems).toEqual([]);
      });
      execFileSync('mount', ['-o', 'remount,size=64m', study]);
      await withStudy(study, async (api) => {
        expect(await run(api, input)).toMatchObject({ state: 'done' });
        expect((await api['study.verify']({})).problems).toEqual([]);
        expect(await api['defacings.list']({})).toHaveLength(2);
      });
    } finally {
      execFileSync('umount', [study]);
    }
  });
});
