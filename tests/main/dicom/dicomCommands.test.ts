import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openStore } from '../../../src-main/store/openStore.ts';
import { studyKey } from '../../../src-main/store/studyKey.ts';
import { describeWithShared, sharedPath } from '../../fixtures/shared.ts';

const folder = mkdtempSync(join(tmpdir(), 'dicom-cli-'));
const root = join(import.meta.dirname, '..', '..', '..');
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function defaceqa(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(root, 'src-main', 'hosts', 'cli', 'defaceqa.js'), ...args], {
    encoding: 'utf8',
  });
}

interface Listed {
  readonly series: readonly { seriesKey: string; personKey: string; files: number }[];
}
interface Converted {
  readonly outFolder: string;
  readonly next: string;
  readonly results: readonly { seriesKey: string; outcome: string; images: string[] }[];
}

describeWithShared('dicom on the command line', () => {
  const heads = sharedPath('data', 'heads');
  const study = join(folder, 'study');
  const listed = (...args: string[]): Listed =>
    JSON.parse(defaceqa('dicom', 'list', heads, '--json', ...args).stdout) as Listed;

  it('lists series with keys that another list of the same study repeats', () => {
    const csv = join(folder, 'series.csv');
    const first = listed('--key-from', study, '--csv', csv);
    expect(first.series.map(({ files }) => files).toSorted((a, b) => a - b)).toEqual([35, 196]);
    expect(listed('--key-from', study)).toEqual(first);
    expect(listed().series[0].personKey).not.toBe(first.series[0].personKey);
    expect(readFileSync(csv, 'utf8')).toContain(first.series[0].seriesKey);
  });

  it('converts the chosen series into the study and says how to go on; again it converts nothing', () => {
    const [head] = listed('--key-from', study).series.filter(({ files }) => files === 35);
    const go = (): Converted => {
      const args = ['--study', study, '--series', head.seriesKey, '--json'];
      const { status, stdout, stderr } = defaceqa('dicom', 'convert', heads, ...args);
      expect(stderr).toBe('');
      expect(status).toBe(0);
      return JSON.parse(stdout) as Converted;
    };
    const first = go();
    expect(first.results).toMatchObject([{ seriesKey: head.seriesKey, outcome: 'done' }]);
    expect(first.results[0].images[0]).toContain(`sub-${head.personKey}`);
    expect(first.next).toBe(`defaceqa run ${join(study, 'imported')} --study ${study}`);
    const image = join(first.outFolder, first.results[0].images[0]);
    const written = statSync(image).mtimeMs;
    expect(go().results).toMatchObject([{ outcome: 'kept', images: first.results[0].images }]);
    expect(statSync(image).mtimeMs).toBe(written);
    expect(readdirSync(study).filter((name) => name.startsWith('.'))).toEqual([]);
    expect(JSON.parse(defaceqa('probe', image, '--json').stdout)).toMatchObject({
      state: 'ok',
      modality: 'T1w',
    });
  });

  it('says so when nothing passes the filter or a key is of another study', () => {
    const none = defaceqa('dicom', 'convert', heads, '--study', study, '--modality', 'FLAIR');
    expect(none.status).toBe(1);
    expect(none.stderr).toMatch(/None of 2 series/);
    const other = defaceqa('dicom', 'convert', heads, '--study', study, '--series', 'abc');
    expect(other.status).toBe(1);
    expect(other.stderr).toMatch(/--key-from/);
  });
});

describe('the commands', () => {
  it('refuse a folder that is not there and a contrast nobody knows', () => {
    const missing = defaceqa('dicom', 'list', join(folder, 'nowhere'));
    expect([missing.status, missing.stderr]).toEqual([1, 'This file is not there (any more).\n']);
    const { status, stderr } = defaceqa('dicom', 'convert', folder, '--study', folder, '--modality', 'T3');
    expect(status).toBe(1);
    expect(stderr).toMatch(/One of T1w, T2w, FLAIR, PDw/);
  });
});

it('a study draws its key once and keeps it; another draws another', () => {
  const keyOf = (name: string): string => {
    const store = openStore(join(folder, name), { newStudyId: () => name });
    try {
      return studyKey(store);
    } finally {
      store.close();
    }
  };
  expect(keyOf('a')).toMatch(/^[0-9a-f]{64}$/);
  expect(keyOf('a')).toBe(keyOf('a'));
  expect(keyOf('b')).not.toBe(keyOf('a'));
});
