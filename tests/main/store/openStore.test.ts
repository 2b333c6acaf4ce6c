import Database from 'better-sqlite3';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrations } from '../../../src-main/store/migrations.ts';
import { openStore } from '../../../src-main/store/openStore.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'defaceqa-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (options = {}) => openStore(folder, { newStudyId: () => 'a study', ...options });

describe('openStore', () => {
  it('makes a study with the newest schema and keeps its id', () => {
    open().close();
    const store = openStore(folder, { newStudyId: () => 'another id' });
    expect(store.studyId).toBe('a study');
    expect(store.db.pragma('user_version', { simple: true })).toBe(migrations.length);
    expect(store.db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(store.db.pragma('foreign_keys', { simple: true })).toBe(1);
    store.close();
  });

  it('has STRICT tables only', () => {
    const store = open();
    const loose = store.db
      .prepare(
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
      )
      .all();
    expect(loose).toEqual([]);
    store.close();
  });

  it('refuses a second writer and names the first', () => {
    const store = open();
    expect(() => open()).toThrow(new RegExp(`process ${process.pid} .*Wait until it ends`));
    store.close();
    open().close();
  });

  it('lets somebody look while another writes', () => {
    const store = open();
    const reader = open({ readOnly: true });
    expect(reader.studyId).toBe('a study');
    reader.close();
    store.close();
  });

  it('takes over from a process that was killed', async () => {
    const holder = spawn(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `const { openStore } = await import(${JSON.stringify(new URL('../../../src-main/store/openStore.ts', import.meta.url).href)});
         // Held on to: a store that nobody refers to may be collected, and its lock with it.
         globalThis.held = openStore(${JSON.stringify(folder)}, { newStudyId: () => 'a study' });
         console.log('open'); setInterval(() => 0, 1000);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    expect(() => open()).toThrow(new RegExp(`process ${holder.pid ?? 0} `));
    const gone = new Promise((resolve) => holder.once('exit', resolve));
    holder.kill('SIGKILL');
    await gone;
    open().close();
  });

  it('refuses a study of a newer version and leaves it as it was', () => {
    open().close();
    const db = new Database(join(folder, 'study.sqlite'));
    db.pragma(`user_version = ${migrations.length + 1}`);
    db.pragma('journal_mode = DELETE');
    db.close();
    const before = readFileSync(join(folder, 'study.sqlite'));
    expect(() => open()).toThrow(expect.objectContaining({ code: 'study-newer' }));
    expect(readFileSync(join(folder, 'study.sqlite')).equals(before)).toBe(true);
  });

  it.each([
    ['a text file', () => Buffer.from('this is no database, however long the sentence in it may become')],
    [
      'a database with a page overwritten',
      () => {
        open().close();
        const bytes = readFileSync(join(folder, 'study.sqlite'));
        return Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(8192, 0x5a), bytes.subarray(12288)]);
      },
    ],
  ])('refuses %s, says what to do and leaves it as it was', (_, bytes) => {
    const broken = bytes();
    writeFileSync(join(folder, 'study.sqlite'), broken);
    expect(() => open()).toThrow(/damaged.*Restore a copy/s);
    expect(readFileSync(join(folder, 'study.sqlite')).equals(broken)).toBe(true);
  });

  it('is free again after a refusal', () => {
    writeFileSync(
      join(folder, 'study.sqlite'),
      'this is no database, however long the sentence in it may become',
    );
    expect(() => open()).toThrow();
    rmSync(join(folder, 'study.sqlite'));
    open().close();
  });

  it('says that there is no study where one should only be looked at', () => {
    expect(() => open({ readOnly: true })).toThrow(expect.objectContaining({ code: 'study-missing' }));
  });
});
