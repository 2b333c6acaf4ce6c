import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTinyHeads } from '../../fixtures/tinyHeads.ts';

const folder = mkdtempSync(join(tmpdir(), 'defaceqa-cli-'));
const root = join(import.meta.dirname, '..', '..', '..');
const scan = join(folder, 'heads', 'sub-1_T1w.nii.gz');
const brain = join(folder, 'heads', 'sub-1_desc-brain_mask.nii.gz');

function defaceqa(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(root, 'src-main', 'hosts', 'cli', 'defaceqa.js'), ...args], {
    encoding: 'utf8',
  });
}

const json = (...args: readonly string[]): Record<string, unknown> => {
  const { status, stdout, stderr } = defaceqa(...args, '--json');
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
};

beforeAll(() => writeTinyHeads(join(folder, 'heads'), ['sub-1']));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the command line', () => {
  it('explains every command with an example', () => {
    const names = [...defaceqa('--help').stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
    expect(names).toEqual(expect.arrayContaining(['run', 'probe', 'deface', 'verify', 'demo']));
    for (const name of names.filter((each) => each !== 'help' && each !== 'defaceqa')) {
      const { status, stdout } = defaceqa(name, '--help');
      expect(status).toBe(0);
      expect(stdout).toMatch(/Example/);
    }
  });

  it('is found by npx in the project', () => {
    const { status, stdout } = spawnSync('npx', ['--no-install', 'defaceqa', '--version'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    expect(stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('tells what a file is', () => {
    expect(json('probe', scan)).toMatchObject({
      state: 'ok',
      modality: 'T1w',
      dtype: 'float32',
      spacingMm: [4, 4, 4],
    });
  });

  it('fails with a sentence and a number other than 0', () => {
    const text = join(folder, 'text.nii.gz');
    writeFileSync(text, 'no image');
    for (const args of [
      ['probe', text],
      ['views', join(folder, 'nowhere.nii'), '--out', folder],
      ['deface', scan, '--tool', 'none', '--out', join(folder, 'x.nii.gz')],
      ['verify', join(folder, 'no-study')],
      ['run', join(folder, 'nowhere'), '--study', join(folder, 'empty-study')],
    ]) {
      const words = defaceqa(...args);
      expect(words.status).toBe(1);
      expect(words.stderr).toMatch(/^[A-Z].*\.\n$/s);
      expect(words.stderr).not.toMatch(/\bat .*:\d+:\d+/);
      const { status, stdout } = defaceqa(...args, '--json');
      expect(status).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({ error: { message: words.stderr.trim() } });
    }
  });

  it('defaces one scan, measures it and draws it in the frame of the original', () => {
    const out = join(folder, 'defaced.nii.gz');
    const mask = join(folder, 'mask.nii.gz');
    const proof = json(
      'deface',
      scan,
      '--tool',
      'quickshear-builtin',
      '--out',
      out,
      '--mask',
      mask,
      '--brain',
      brain,
    );
    expect(proof).toMatchObject({ sameGrid: true, keptVoxelsIdentical: true, brainRemovedVoxels: 0 });
    const features = json('features', scan, out, '--brain', brain);
    expect(features).toMatchObject({ brain_loss_pct: 0, brain_loss_ml: 0 });
    expect(features.head_loss_pct).toBeGreaterThan(3);
    expect(features.fsim_reference).toBeLessThan(1);
    for (const [file, name] of [
      [scan, 'original'],
      [out, 'defaced'],
    ])
      json('views', file, '--out', join(folder, name), '--frame', scan);
    const pictures = ['original', 'defaced'].map((name) => join(folder, name, 'front.png'));
    expect(json('similarity', pictures[0], pictures[0])).toMatchObject({
      rmse: 0,
      psnr: null,
      ssim: 1,
      fsim_reference: 1,
    });
    expect(json('similarity', pictures[0], pictures[1]).ssim).toBeLessThan(1);
  });

  it('makes the same invented head for the same seed', () => {
    for (const name of ['a', 'b'])
      json('phantom', '--seed', '7', '--spacing', '6', '--out', join(folder, name));
    const [a, b] = ['a', 'b'].map((name) => readFileSync(join(folder, name, 'sub-phantom7_T1w.nii.gz')));
    expect(a.equals(b)).toBe(true);
  });
});
