import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parseBidsFilter, selected } from '../../../src-shared/domain/bidsFilter.ts';
import { identify } from '../../../src-shared/domain/scanIdentity.ts';
import { fileHashes } from '../../fixtures/studyDump.ts';
import { writeTinyHeads } from '../../fixtures/tinyHeads.ts';

const folder = mkdtempSync(join(tmpdir(), 'defaceqa-app-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const cli = resolve(import.meta.dirname, '..', '..', '..', 'src-main', 'hosts', 'cli', 'cli.ts');
const run = (...args: string[]): string =>
  execFileSync(process.execPath, [cli, ...args], { encoding: 'utf8', env: { ...process.env, PATH: '/usr/bin:/bin', CHROMIUM: '/none' } }); // prettier-ignore

it('as a BIDS App people are worked on alone and merged into what one machine would have made', async () => {
  const bids = join(folder, 'bids');
  await writeTinyHeads(folder, ['sub-1', 'sub-2']);
  for (const label of ['1', '2']) {
    await mkdir(join(bids, `sub-${label}`, 'anat'), { recursive: true });
    for (const end of ['T1w', 'desc-brain_mask'])
      await rename(join(folder, `sub-${label}_${end}.nii.gz`), join(bids, `sub-${label}`, 'anat', `sub-${label}_${end}.nii.gz`)); // prettier-ignore
  }
  writeFileSync(join(bids, 'participants.tsv'), 'participant_id\tage\nsub-1\t44\nsub-2\t90\n');
  const out = join(folder, 'out');
  const tools = ['--tools', 'quickshear-builtin', '--n-procs', '1'];
  run(bids, out, 'participant', '--participant-label', 'sub-2', '-w', join(folder, 'scratch'), ...tools);
  run(bids, out, 'participant', '--participant-label', '1', ...tools);
  expect(JSON.parse(readFileSync(join(out, 'parts', 'sub-2', 'done.json'), 'utf8'))).toMatchObject({ scans: 1, defacings: 1 }); // prettier-ignore
  // A slip in a session is told, and leaves no part that looks finished.
  expect(() => run(bids, join(folder, 'none'), 'participant', '--session-label', 'zzz', ...tools)).toThrow(
    /no image that fits the sessions/,
  );
  expect(existsSync(join(folder, 'none'))).toBe(false);
  run(bids, out, 'group', '--n-procs', '1');
  run('run', bids, '--study', join(folder, 'single'), '--tools', 'quickshear-builtin', '--workers', '1');
  expect(fileHashes(join(out, 'study'))).toEqual(fileHashes(join(folder, 'single')));
  expect(readFileSync(join(out, 'report', 'report.html'), 'utf8')).toContain(
    '<strong>2</strong> defacings made',
  );
}, 180_000);

it('a filter file takes what it says and refuses what it does not know', () => {
  const filters = parseBidsFilter('{"t1w": {"session": "1", "acquisition": ["mprage"], "run": null}}');
  const take = (path: string): boolean =>
    selected(identify(path), { participants: null, sessions: null, filters });
  expect(take('sub-1_ses-1_acq-mprage_T1w.nii.gz')).toBe(true);
  expect(take('sub-1_ses-2_acq-mprage_T1w.nii.gz')).toBe(false);
  expect(take('sub-1_ses-1_acq-mprage_run-2_T1w.nii.gz')).toBe(false);
  expect(take('sub-1_ses-1_acq-mprage_FLAIR.nii.gz')).toBe(false);
  expect(() => parseBidsFilter('{"t1w": {"colour": "blue"}}')).toThrow(/colour/);
});
