import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeNiftiBytes } from '../../src-main/files/writeNiftiFile.ts';
import { phantomHead } from '../../src-shared/phantom/phantomHead.ts';
import { encodeNifti } from '../../src-shared/volume/writeNifti.ts';
import { hasShared, sharedPath } from '../fixtures/shared.ts';

interface Measured {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly peakMb: number;
}

const script = join(import.meta.dirname, '..', 'fixtures', 'runStudy.ts');

function run(input: string, study: string, workers: number, tools?: string): Promise<Measured> {
  const started = performance.now();
  const args = [script, input, study, String(workers), ...(tools === undefined ? [] : [tools])];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (part: Buffer) => {
      out += part.toString();
    });
    child.on('close', (code) => {
      if (code !== 0) {
        reject(new Error(`the run ended with ${code ?? 'a signal'}`));
        return;
      }
      const { cpuSeconds, peakMb } = JSON.parse(out.trim().split('\n').pop() ?? '') as Measured;
      resolve({ cpuSeconds, peakMb, wallSeconds: (performance.now() - started) / 1000 });
    });
  });
}

/**
 * The main job with both built-in tools: time and memory of a 1 mm head on one worker, two workers against one, and
 * whether many scans need more memory than few. False where a goal is missed.
 */
export async function runBench(print: (line: string) => void = console.log): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'run-bench-'));
  const goals: boolean[] = [];
  const tell = (what: string, value: string, reached: boolean): void => {
    goals.push(reached);
    print(`${what.padEnd(52)} ${value.padStart(22)}  ${reached ? 'reached' : 'MISSED'}`);
  };
  try {
    if (hasShared) {
      const heads = join(folder, 'heads');
      mkdirSync(heads);
      copyFileSync(sharedPath('data', 'heads', 'colin27_t1.nii.gz'), join(heads, 'colin27_t1.nii.gz'));
      const one = await run(heads, join(folder, 'one'), 1);
      tell('1 mm head, both tools, CPU (goal 10 s)', `${one.cpuSeconds.toFixed(1)} s`, one.cpuSeconds <= 10);
      tell('  peak of the process (goal 1 GB)', `${one.peakMb.toFixed(0)} MB`, one.peakMb <= 1024);
    } else print('1 mm head skipped: the reference heads in ../shared are not here');

    const four = await phantoms(join(folder, 'four'), 4, 2);
    const alone = await run(four, join(folder, 'alone'), 1);
    const pair = await run(four, join(folder, 'pair'), 2);
    const ratio = alone.wallSeconds / pair.wallSeconds;
    tell('4 heads, two workers against one (goal 1.8)', `${ratio.toFixed(2)} times as fast`, ratio >= 1.8);

    // Tools and measuring hold one scan at a time as preparing does, and would make this row an hour.
    const few = await run(await phantoms(join(folder, 'few'), 5, 6), join(folder, 'few-study'), 2, '');
    const many = await run(await phantoms(join(folder, 'many'), 200, 6), join(folder, 'many-study'), 2, '');
    const growth = many.peakMb / few.peakMb;
    const sizes = `${few.peakMb.toFixed(0)} and ${many.peakMb.toFixed(0)} MB`;
    tell('5 and 200 scans, read and prepared (goal 1.15)', sizes, growth <= 1.15);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return goals.every(Boolean);
}

async function phantoms(folder: string, count: number, spacingMm: number): Promise<string> {
  for (let seed = 1; seed <= count; seed++) {
    const { volume } = phantomHead({ seed, spacingMm });
    await writeNiftiBytes(join(folder, `sub-${seed}_T1w.nii.gz`), encodeNifti(volume));
  }
  return folder;
}
