import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyRecords } from '../../../src-main/engine/verifyRecords.ts';
import { openStore, studyFileName } from '../../../src-main/store/openStore.ts';
import type { RecordsCheck } from '../../../src-shared/api/labelCalls.ts';
import { addPeople, freshId, lookOf, openTestStudy, secretOf } from '../../fixtures/ratedStudy.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'defaceqa-records-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const note = 'both eyelids are partly visible';

/** A study with a round and some verdicts, one with a note, in `folder`; closed. */
async function rated(): Promise<{ roundId: string; ann: string; seal: string; itemId: string }> {
  const rows = { scans: 4, tools: ['alpha', 'beta'] };
  const study = await openTestStudy(rows, { folder });
  const { Olga, Ann, Ben } = await addPeople(study, [
    { name: 'Olga', role: 'owner' },
    { name: 'Ann', role: 'rater' },
    { name: 'Ben', role: 'rater' },
  ]);
  const { id: roundId } = await Olga.api['rounds.open']({
    name: 'Round',
    primary: [Ann.id, Ben.id],
    third: null,
    minViewingMs: 0,
  });
  let itemId = '';
  for (const look of [lookOf(1), lookOf(3, { note }), lookOf(2), lookOf(1)]) {
    itemId = (await Ann.api['ratings.next']({ roundId })).item?.id ?? '';
    await Ann.api['ratings.commit']({ id: freshId(), itemId, look, viewingMs: 1500, render: {} });
  }
  await Ann.api['ratings.undo']({ id: freshId(), roundId });
  const { records } = await Olga.api['study.verify']({});
  expect(records.problems).toEqual([]);
  await study.close({ keep: true });
  return { roundId, ann: Ann.id, seal: records.seal ?? '', itemId };
}

function verified(seal: string | null = null): RecordsCheck {
  const store = openStore(folder, { readOnly: true, newStudyId: () => '' });
  try {
    return verifyRecords(store, { seal });
  } finally {
    store.close();
  }
}

/** Everything the tables of ratings say. */
function contents(): string {
  const store = openStore(folder, { readOnly: true, newStudyId: () => '' });
  try {
    return JSON.stringify(
      ['record', 'verdict'].map((table) => store.db.prepare(`SELECT * FROM ${table}`).all()),
    );
  } finally {
    store.close();
  }
}

function changeDatabase(sql: string): void {
  const store = openStore(folder, { newStudyId: () => '' });
  try {
    store.db.exec(sql);
  } finally {
    store.close();
  }
}

describe('the log of records', () => {
  it('stands in the way of changes', async () => {
    await rated();
    for (const sql of [
      "UPDATE record SET body = '{}'",
      'DELETE FROM record WHERE seq = 3',
      'UPDATE verdict SET verdict = 1',
      'DELETE FROM verdict',
    ])
      expect(() => changeDatabase(sql), sql).toThrow(/never/);
  });

  it('finds one changed byte, wherever the verdict is kept', async () => {
    const { seal } = await rated();
    expect(verified(seal)).toMatchObject({ problems: [], seal });
    const path = join(folder, studyFileName);
    const whole = readFileSync(path);
    const places: number[] = [];
    for (let at = whole.indexOf(note); at >= 0; at = whole.indexOf(note, at + 1)) places.push(at);
    const before = contents();
    let seen = 0;
    for (const at of places) {
      const changed = Buffer.from(whole);
      changed[at] = 'B'.charCodeAt(0);
      writeFileSync(path, changed);
      // Some of these bytes lie in space that the database has given up.
      if (contents() === before) continue;
      seen++;
      expect(verified().problems.length, `byte ${at}`).toBeGreaterThan(0);
    }
    expect(seen).toBe(2);
    writeFileSync(path, whole);
    expect(verified().problems).toEqual([]);
  });

  it('finds what somebody did who took the triggers away', async () => {
    const { seal } = await rated();
    const free = 'DROP TRIGGER record_unchanged; DROP TRIGGER record_kept; DROP TRIGGER verdict_unchanged; ';
    const cases: readonly (readonly [string, RegExp])[] = [
      [
        "UPDATE verdict SET verdict = 1, remains = '[]' WHERE verdict = 3",
        /the verdict of this entry was changed/,
      ],
      ['UPDATE verdict SET viewing_ms = 9000 WHERE verdict = 3', /the verdict of this entry was changed/],
      ["UPDATE record SET at = '2020-01-01' WHERE seq = 2", /it was changed/],
      ['DELETE FROM record WHERE seq = 2', /entries before this one are missing/],
      [
        'UPDATE round_item SET verdict_id = (SELECT id FROM verdict WHERE verdict = 3) WHERE verdict_id = (SELECT id FROM verdict WHERE verdict = 2)',
        /not what the log says/,
      ],
      [
        "PRAGMA foreign_keys = OFF; DELETE FROM record WHERE seq = (SELECT max(seq) FROM record WHERE kind = 'verdict')",
        /missing/,
      ],
    ];
    const path = join(folder, studyFileName);
    const whole = readFileSync(path);
    for (const [sql, problem] of cases) {
      changeDatabase(free + sql);
      expect(
        verified().problems.map((each) => each.problem),
        sql,
      ).toContainEqual(expect.stringMatching(problem));
      writeFileSync(path, whole);
    }
    // The whole log chained anew by somebody skilled: only a seal kept elsewhere tells.
    expect(verified('another seal').problems).toEqual([
      { seq: null, problem: 'the given seal is of no entry of this log' },
    ]);
    expect(verified(seal).problems).toEqual([]);
  });
});

describe('labels given outside of rounds', () => {
  /** Imported ones, verdicts of the review queue on top of them, one of them taken back; closed. */
  async function labelled(): Promise<void> {
    const study = await openTestStudy({ scans: 2, tools: ['alpha', 'beta'] }, { folder });
    const { Olga } = await addPeople(study, [{ name: 'Olga', role: 'owner' }]);
    const text = 'scan,tool,strict\nsub-001_run-1_T1w,alpha,0\nsub-001_run-1_T1w,beta,1\n';
    const mapping = { scan: 'scan', tool: 'tool', strict: 'strict' };
    await Olga.api['labels.import']({ text, source: 'a colleague', mapping });
    const [first, second] = await Olga.api['labels.list']({});
    const review = (defacingId: string, verdict: 1 | 3) =>
      Olga.api['triage.review']({ defacingId, verdict, brainCut: false, name: 'Olga', note: 'seen twice' });
    await review(first.defacingId, 3);
    await review(second.defacingId, 1);
    await Olga.api['triage.takeBack']({ defacingId: second.defacingId });
    expect((await Olga.api['study.verify']({})).records.problems).toEqual([]);
    await study.close({ keep: true });
  }

  it('are found changed, missing and added', async () => {
    await labelled();
    const path = join(folder, studyFileName);
    const whole = readFileSync(path);
    for (const [sql, problem] of [
      ['UPDATE triage_verdict SET verdict = 1', /review queue of this entry was changed/],
      ['UPDATE triage_verdict SET brain_cut = 1', /review queue of this entry was changed/],
      ["UPDATE triage_verdict SET defacing_key = 'another'", /review queue of this entry was changed/],
      ["UPDATE triage_verdict SET note = ''", /review queue of this entry was changed/],
      ['DELETE FROM triage_verdict', /what this entry tells of is missing/],
      ['UPDATE imported_label SET label = 1 - label', /a label is not what this entry says/],
      ['DELETE FROM imported_label', /a label that this entry tells of is missing/],
      [
        "INSERT INTO imported_label (defacing_id, criterion, label, record_seq) SELECT id, 'lenient', 0, 1 FROM defacing WHERE tool = 'beta'",
        /a label is not what this entry says/,
      ],
    ] as const) {
      changeDatabase(sql);
      expect(
        verified().problems.map((each) => each.problem),
        sql,
      ).toContainEqual(expect.stringMatching(problem));
      writeFileSync(path, whole);
      expect(verified().problems).toEqual([]);
    }
  });
});

describe('a verdict', () => {
  it('is there after a kill right after the answer, once, and the rater goes on where he was', async () => {
    const { roundId, ann } = await rated();
    const id = freshId();
    const child = spawn(
      process.execPath,
      [
        join(import.meta.dirname, '..', '..', 'fixtures', 'rateAndHang.ts'),
        folder,
        ann,
        secretOf('Ann'),
        roundId,
        id,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const said = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', resolve);
      child.once('exit', (code) => reject(new Error(`ended with ${code ?? 'a signal'}`)));
    });
    child.removeAllListeners('exit');
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    const { itemId, next } = JSON.parse(said) as { itemId: string; next: string };

    const study = await openTestStudy(null, { folder });
    const { session } = await study.as(null)['session.signIn']({ accountId: ann, secret: secretOf('Ann') });
    const api = study.as(session);
    const own = await api['ratings.mine']({ roundId });
    expect(own.find((item) => item.itemId === itemId)?.look?.note).toBe('before the kill');
    expect((await api['ratings.next']({ roundId })).item?.id).toBe(next);
    // The page never heard the answer and sends the same again.
    const look = lookOf(2, { note: 'before the kill' });
    const answer = await api['ratings.commit']({ id, itemId, look, viewingMs: 2000, render: {} });
    expect(answer.queue.item?.id).toBe(next);
    expect((await api['ratings.mine']({ roundId })).filter(({ state }) => state === 'done')).toHaveLength(4);
    await study.close({ keep: true });
    expect(verified().problems).toEqual([]);
  });
});
