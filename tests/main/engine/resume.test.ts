import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { studyDump } from '../../fixtures/studyDump.ts';
import { writeTinyHeads } from '../../fixtures/tinyHeads.ts';

// Several whole runs side by side, on machines of two cores.
vi.setConfig({ testTimeout: 400_000 });

const folder = mkdtempSync(join(tmpdir(), 'defaceqa-resume-'));
const input = join(folder, 'heads');
const script = join(import.meta.dirname, '..', '..', 'fixtures', 'runStudy.ts');

interface Ended {
  code: number | null;
  signal: string | null;
  steps: { state: string; step: string }[];
}

/** Runs the job; kills it without warning as soon as `killWhen` says so of the study's folder. */
function run(study: string, killWhen: (() => boolean) | null = null): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, input, study], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (part: Buffer) => {
      out += part.toString();
    });
    const timer =
      killWhen === null
        ? undefined
        : setInterval(() => {
            if (killWhen()) child.kill('SIGKILL');
          }, 2);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearInterval(timer);
      const last = out.trim().split('\n').pop() ?? '';
      const { steps } = code === 0 ? (JSON.parse(last) as { steps: Ended['steps'] }) : { steps: [] };
      resolve({ code, signal, steps });
    });
  });
}

const whole = join(folder, 'whole');
let expected: Record<string, unknown>;

beforeAll(async () => {
  await writeTinyHeads(input, ['sub-1']);
  expect((await run(whole)).code).toBe(0);
  expected = studyDump(whole);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a run that is killed', () => {
  const someFile = (study: string, part: string, ending: RegExp, least = 1): boolean => {
    const below = join(study, part);
    if (!existsSync(below)) return false;
    try {
      return (
        readdirSync(below, { recursive: true }).filter((name) => ending.test(String(name))).length >= least
      );
    } catch {
      return false;
    }
  };
  const phases: readonly (readonly [string, (study: string) => boolean])[] = [
    ['while the study is made', (study) => existsSync(join(study, 'study.sqlite'))],
    ['while files are read', (study) => someFile(study, 'logs', /jsonl$/)],
    ['while a scan is prepared', (study) => someFile(study, 'derivatives', /brain_mask/)],
    ['while views are drawn', (study) => someFile(study, 'views', /original.*png/, 2)],
    ['while a scan is defaced', (study) => someFile(study, 'derivatives', /defacemask/)],
    ['while a defacing is measured', (study) => someFile(study, 'views', /(quickshear|facemask).*png/, 2)],
  ];
  it.concurrent.for(phases)(
    '%s ends, run again, in the same state as one that was not',
    async ([name, reached], { expect }) => {
      const study = join(folder, name.replaceAll(' ', '-'));
      const killed = await run(study, () => reached(study));
      expect(killed.signal).toBe('SIGKILL');
      const again = await run(study);
      expect(again.code).toBe(0);
      expect(studyDump(study)).toEqual(expected);
    },
  );

  it('does nothing twice: a second run keeps every step', async () => {
    const { steps } = await run(whole);
    expect(new Set(steps.map(({ state }) => state))).toEqual(new Set(['kept']));
    expect(steps).toHaveLength(4);
    expect(studyDump(whole)).toEqual(expected);
  });

  it('makes again what was lost, and only that', async () => {
    const views = join(whole, 'views', 'sub-1_T1w', 'facemask-builtin', 'front.png');
    rmSync(views);
    const { steps } = await run(whole);
    expect(steps.filter(({ state }) => state === 'done').map(({ step }) => step)).toEqual(['measure']);
    expect(studyDump(whole)).toEqual(expected);
  });

  it('redoes what rests on a scan that changed', async () => {
    await writeTinyHeads(join(folder, 'other'), ['sub-9', 'sub-8']);
    for (const file of ['T1w', 'desc-brain_mask']) {
      const bytes = readFileSync(join(folder, 'other', `sub-8_${file}.nii.gz`));
      writeFileSync(join(input, `sub-1_${file}.nii.gz`), bytes);
    }
    const { steps } = await run(whole);
    const count = (state: string): number => steps.filter((step) => step.state === state).length;
    expect({ done: count('done'), kept: count('kept') }).toEqual({ done: 4, kept: 0 });
  });
});
