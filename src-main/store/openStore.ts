import Database from 'better-sqlite3';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import { migrations } from './migrations.ts';
import type { Migration } from './migration.ts';
import { takeWriterLock } from './writerLock.ts';

export type Db = Database.Database;

export interface OpenOptions {
  /** Only looks: takes no lock and changes nothing. The study must exist. */
  readonly readOnly?: boolean;
  /** The id of a study that is made now: any text nobody else uses. */
  readonly newStudyId: () => string;
  readonly migrations?: readonly Migration[];
}

/** The open database of a study. Only the thread that opened it uses it; only one process writes. */
export interface Store {
  readonly folder: string;
  readonly studyId: string;
  readonly db: Db;
  /** Runs `work` whole or not at all. */
  readonly atOnce: <T>(work: () => T) => T;
  /** The same, and on the disk before it returns: not even a power cut takes it back. */
  readonly durably: <T>(work: () => T) => T;
  /** Copies the database into a new file while it is in use; the copy is one file, whole on disk. */
  readonly copyTo: (path: string) => Promise<void>;
  readonly close: () => void;
}

export const studyFileName = 'study.sqlite';

/**
 * Opens the study in `folder`, made where there is none, and brings its schema up to date. Throws `study-missing`
 * (read only), `study-busy`, `study-corrupt`, `study-newer`, `disk-full`, `folder-forbidden`.
 */
export function openStore(folder: string, options: OpenOptions): Store {
  const { readOnly = false } = options;
  const path = join(folder, studyFileName);
  if (readOnly && !existsSync(path)) {
    throw new AppError('study-missing', 'There is no study in this folder: it has no file study.sqlite.');
  }
  let release = (): void => undefined;
  let db: Db | null = null;
  try {
    if (!readOnly) {
      mkdirSync(folder, { recursive: true });
      release = takeWriterLock(folder, openPlain);
    }
    db = new Database(path, { readonly: readOnly, timeout: 10_000 });
    db.pragma('foreign_keys = ON');
    requireWhole(db);
    requireKnownVersion(db, options.migrations ?? migrations);
    if (!readOnly) {
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = NORMAL');
      migrate(db, options.migrations ?? migrations);
    }
    const opened = db;
    const atOnce = <T>(work: () => T): T => {
      try {
        return opened.transaction(work).immediate();
      } catch (error) {
        throw storeError(error);
      }
    };
    return {
      folder,
      studyId: studyIdOf(opened, options.newStudyId),
      db: opened,
      atOnce,
      durably: (work) => {
        opened.pragma('synchronous = FULL');
        try {
          return atOnce(work);
        } finally {
          opened.pragma('synchronous = NORMAL');
        }
      },
      copyTo: (to) => copyWhole(opened, to),
      close: () => {
        opened.close();
        release();
      },
    };
  } catch (error) {
    db?.close();
    release();
    throw storeError(error);
  }
}

/** Keeps every other process from opening a study for writing; answers the way to give it free. Throws `study-busy`. */
export const lockStudy = (folder: string): (() => void) => takeWriterLock(folder, openPlain);

async function copyWhole(db: Db, path: string): Promise<void> {
  try {
    await db.backup(path);
    const copy = new Database(path);
    try {
      copy.pragma('journal_mode = DELETE');
    } finally {
      copy.close();
    }
  } catch (error) {
    throw storeError(error);
  }
}

/** A copy of a study's database to look at, wherever it lies. Throws `study-corrupt`, `study-newer`, `study-missing`. */
export function openCopy(path: string): Store {
  if (!existsSync(path)) throw new AppError('study-missing', 'There is no copy of this name.');
  let db: Db | null = null;
  try {
    db = new Database(path, { readonly: true });
    if (db.pragma('integrity_check(1)', { simple: true }) !== 'ok') throw corrupt();
    requireKnownVersion(db, migrations);
    const opened = db;
    const studyId = studyIdOf(opened, () => {
      throw corrupt();
    });
    return {
      folder: dirname(path),
      studyId,
      db: opened,
      atOnce: (work) => opened.transaction(work).deferred(),
      durably: (work) => opened.transaction(work).deferred(),
      copyTo: (to) => copyWhole(opened, to),
      close: () => void opened.close(),
    };
  } catch (error) {
    db?.close();
    throw storeError(error);
  }
}

const openPlain = (path: string): Db => new Database(path, { timeout: 0 });

function requireWhole(db: Db): void {
  const answer: unknown = db.pragma('quick_check(1)', { simple: true });
  if (answer !== 'ok') throw corrupt();
}

const corrupt = (cause?: unknown): AppError =>
  new AppError(
    'study-corrupt',
    'The file study.sqlite of this study is damaged and was left as it is. Restore a copy of it; or move it away and run ' +
      'the same again: originals are never changed, and what was derived from them is made anew.',
    {},
    { cause },
  );

const versionOf = (db: Db): number => Number(db.pragma('user_version', { simple: true }));

function requireKnownVersion(db: Db, known: readonly Migration[]): void {
  const version = versionOf(db);
  if (version <= known.length) return;
  throw new AppError(
    'study-newer',
    'This study was written by a newer version of DefaceQA and was left as it is. Open it with that version or a later one.',
    { studyVersion: version, knownVersion: known.length },
  );
}

/** Applies what is missing, each step whole or not at all. */
export function migrate(db: Db, steps: readonly Migration[]): void {
  for (const { id, up } of steps) {
    db.transaction(() => {
      if (versionOf(db) >= id) return;
      db.exec(up);
      db.pragma(`user_version = ${id}`);
    }).immediate();
  }
}

function studyIdOf(db: Db, newStudyId: () => string): string {
  const read = db.prepare<[], { value: string }>("SELECT value FROM study WHERE name = 'id'");
  const known = read.get();
  if (known !== undefined) return known.value;
  const id = newStudyId();
  db.prepare("INSERT INTO study (name, value) VALUES ('id', ?)").run(id);
  return id;
}

/** The AppError for an error of the database. */
export function storeError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof AppError) return error;
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')) return corrupt(error);
  if (code.startsWith('SQLITE_FULL') || code === 'ENOSPC') {
    return new AppError(
      'disk-full',
      'The disk is full. Make room and run the same again: finished work is kept.',
      { systemCode: code },
      { cause: error },
    );
  }
  if (
    code === 'EACCES' ||
    code === 'EPERM' ||
    code === 'EROFS' ||
    code.startsWith('SQLITE_CANTOPEN') ||
    code.startsWith('SQLITE_READONLY')
  ) {
    return new AppError(
      'folder-forbidden',
      'You may not write into this folder. Choose another folder or ask its owner for permission.',
      { systemCode: code },
      { cause: error },
    );
  }
  return error;
}
