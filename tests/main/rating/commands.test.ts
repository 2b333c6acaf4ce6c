import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RoundSummary } from '../../../src-shared/api/roundCalls.ts';
import { writeStudyRows } from '../../fixtures/ratedStudy.ts';

const folder = mkdtempSync(join(tmpdir(), 'defaceqa-rating-cli-'));
const study = join(folder, 'study');
const root = join(import.meta.dirname, '..', '..', '..');

function defaceqa(args: readonly string[], env: Record<string, string> = {}) {
  return spawnSync(
    process.execPath,
    [join(root, 'src-main', 'hosts', 'cli', 'defaceqa.js'), ...args, '--json'],
    {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    },
  );
}
const asOlga = { DEFACEQA_PASSWORD: 'secret of Olga' };

function json(args: readonly string[], env: Record<string, string> = {}): Record<string, unknown> {
  const { status, stdout, stderr } = defaceqa(args, env);
  expect(`${stderr}${status === 0 ? '' : stdout}`).toBe('');
  return JSON.parse(stdout) as Record<string, unknown>;
}

beforeAll(() => writeStudyRows(study, { scans: 4, tools: ['alpha', 'beta'] }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('people, rounds, ratings, agreement, backup, restore and verify go by the command line, signed in', () => {
  const add = (name: string, role: string, signIn: readonly string[] = []): Record<string, unknown> =>
    json(['people', 'add', study, name, '--role', role, ...signIn], {
      ...asOlga,
      DEFACEQA_NEW_PASSWORD: `secret of ${name}`,
    });
  expect(add('Olga', 'owner')).toMatchObject({ name: 'Olga', role: 'owner' });
  const refused = defaceqa(['people', 'list', study]);
  expect([refused.status, (JSON.parse(refused.stdout) as { error: { code: string } }).error.code]).toEqual([
    1,
    'sign-in-needed',
  ]);
  const wrong = defaceqa(['people', 'list', study, '--as', 'Olga'], { DEFACEQA_PASSWORD: 'a guess' });
  expect((JSON.parse(wrong.stdout) as { error: { code: string } }).error.code).toBe('wrong-secret');
  add('Ann', 'rater', ['--as', 'Olga']);
  add('Ben', 'rater', ['--as', 'Olga']);
  const open = [
    'rounds',
    'open',
    study,
    '--name',
    'First',
    '--raters',
    'Ann,Ben',
    '--scans',
    'sub-001_run-1_T1w',
  ];
  const round = json([...open, '--as', 'Olga'], asOlga) as unknown as RoundSummary;
  expect(round).toMatchObject({
    name: 'First',
    state: 'open',
    overview: { defacings: 2, tools: ['alpha', 'beta'] },
  });
  expect(json(['rounds', 'add', study, '--as', 'Olga'], asOlga)).toMatchObject({ added: 6 });
  expect(json(['agreement', study, '--round', 'First', '--as', 'Olga'], asOlga)).toMatchObject({
    report: { tools: ['alpha', 'beta'] },
  });
  const table = join(folder, 'labels.csv');
  writeFileSync(table, 'file,method,ok\nsub-001_run-1_T1w.nii.gz,A,yes\nsub-001_run-2_T1w.nii.gz,A,no\n');
  const mapping = [
    '--scan',
    'file',
    '--tool',
    'method',
    '--lenient',
    'ok',
    '--value',
    'yes=0',
    'no=1',
    '--tool-name',
    'A=alpha',
  ];
  expect(json(['ratings', 'import', study, table, ...mapping, '--as', 'Olga'], asOlga)).toEqual({
    taken: 2,
    leftOut: [],
  });
  const { files } = json(
    ['ratings', 'export', study, '--out', join(folder, 'tables'), '--as', 'Olga'],
    asOlga,
  );
  const [path] = files as string[];
  expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(1 + 8 + 1);
  const copy = json(['backup', study, '--as', 'Olga'], asOlga) as { path: string };
  expect(json(['restore', study, copy.path, '--as', 'Olga'], asOlga)).toMatchObject({
    replaced: expect.stringMatching(/^study_.*\.sqlite$/) as string,
  });
  const verified = json(['verify', study]) as {
    records: { seal: string; problems: unknown[]; entries: number };
  };
  expect(verified.records.problems).toEqual([]);
  expect(verified.records.entries).toBeGreaterThan(10);
  expect(json(['verify', study, '--seal', verified.records.seal])).toMatchObject({
    records: { problems: [] },
  });
  expect(defaceqa(['verify', study, '--seal', 'another']).status).toBe(1);
});
