import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Backup } from '../../src-shared/api/backupCalls.ts';
import { AppError } from '../../src-shared/api/appError.ts';
import { lockStudy, openCopy, openStore, studyFileName, type Store } from '../store/openStore.ts';
import { accountsOf } from '../store/accounts.ts';
import { recordsOf } from '../store/records.ts';
import { verifyRecords } from './verifyRecords.ts';

/** Copies below the study folder: `study_<UTC>_<auto|hand>_<first 16 digits of SHA-256>.sqlite`. */
export const backupFolder = 'backups';
const pattern = /^study_(\d{8}T\d{9})Z_(auto|hand)_([0-9a-f]{16})\.sqlite$/;
const automaticKept = 10;

/** Copies the database of a study while it is in use, checks the copy and gives it its name. Throws `backup-damaged`. */
export async function makeBackup(store: Store, options: { at: string; automatic: boolean }): Promise<Backup> {
  const folder = join(store.folder, backupFolder);
  await mkdir(folder, { recursive: true });
  const stamp = options.at.replace(/[-:.Z]/g, '');
  const kind = options.automatic ? 'auto' : 'hand';
  const part = join(folder, `.study_${stamp}Z_${kind}.part`);
  try {
    await store.copyTo(part);
    checkCopy(part, store.studyId);
    const sha256 = await hashOf(part);
    const name = `study_${stamp}Z_${kind}_${sha256.slice(0, 16)}.sqlite`;
    await rename(part, join(folder, name));
    if (options.automatic) await dropOld(folder);
    return await describe(folder, name, sha256);
  } finally {
    for (const file of [part, `${part}-wal`, `${part}-shm`, `${part}-journal`])
      await rm(file, { force: true });
  }
}

/** Copies of a study, newest first. What else lies in the folder is not looked at. */
export async function listBackups(studyFolder: string): Promise<Backup[]> {
  const folder = join(studyFolder, backupFolder);
  const names = await readdir(folder).catch(() => []);
  const found = names.filter((name) => pattern.test(name)).sort((a, b) => (a < b ? 1 : -1));
  return Promise.all(found.map((name) => describe(folder, name, null)));
}

/**
 * Puts a checked copy in the place of a study's database. What was there is kept among the copies, or beside under
 * another name where it is damaged. Nobody may have the study open. Throws `backup-damaged`, `backup-other-study`, `study-busy`.
 */
export async function restoreBackup(
  studyFolder: string,
  copy: string,
  { at, accountId = null }: { at: string; accountId?: string | null },
): Promise<{ replaced: string | null }> {
  const path = join(studyFolder, studyFileName);
  const replaced = existsSync(path) ? await keepOld(studyFolder, path, copy, at) : null;
  await mkdir(studyFolder, { recursive: true });
  const release = lockStudy(studyFolder);
  try {
    checkCopy(copy, null);
    const part = join(studyFolder, `.${studyFileName}.part`);
    await copyFile(copy, part);
    const file = await open(part, 'r+');
    await file.sync();
    await file.close();
    // What these hold belongs to the database that goes.
    for (const end of ['-wal', '-shm']) await rm(`${path}${end}`, { force: true });
    await rename(part, path);
  } finally {
    release();
  }
  const store = openStore(studyFolder, { newStudyId: () => '' });
  try {
    const sha256 = await hashOf(copy);
    // Whoever restores may be newer than the copy.
    const known = accountId === null ? null : (accountsOf(store).byId(accountId)?.id ?? null);
    store.durably(() =>
      recordsOf(store).append({ kind: 'study-restored', accountId: known, at, body: { sha256, replaced } }),
    );
  } finally {
    store.close();
  }
  return { replaced };
}

async function keepOld(studyFolder: string, path: string, copy: string, at: string): Promise<string> {
  let old: Store | null = null;
  try {
    old = openStore(studyFolder, { newStudyId: () => '' });
    checkCopy(copy, old.studyId);
    return (await makeBackup(old, { at, automatic: false })).name;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'study-corrupt') throw error;
    const name = `${studyFileName}.damaged-${at.replace(/[-:.]/g, '')}`;
    await rename(path, join(studyFolder, name));
    return name;
  } finally {
    old?.close();
  }
}

/** Throws unless the file is a whole database of a study (of this one where `studyId` is given) with an unbroken log. */
export function checkCopy(path: string, studyId: string | null): void {
  const damaged = (cause?: unknown): AppError =>
    new AppError(
      'backup-damaged',
      'This copy is damaged or no copy of a study. Take another.',
      {},
      { cause },
    );
  let copy: Store;
  try {
    copy = openCopy(path);
  } catch (error) {
    throw error instanceof AppError && error.code === 'study-newer' ? error : damaged(error);
  }
  try {
    if (verifyRecords(copy).problems.length > 0) throw damaged();
    if (studyId !== null && copy.studyId !== studyId)
      throw new AppError('backup-other-study', 'This is a copy of another study. Choose one of this study.');
  } finally {
    copy.close();
  }
}

async function dropOld(folder: string): Promise<void> {
  const automatic = (await readdir(folder)).filter((name) => pattern.exec(name)?.[2] === 'auto').sort();
  for (const name of automatic.slice(0, Math.max(0, automatic.length - automaticKept)))
    await rm(join(folder, name), { force: true });
}

async function describe(folder: string, name: string, sha256: string | null): Promise<Backup> {
  const path = join(folder, name);
  const [, stamp, kind] = pattern.exec(name) ?? [];
  const at = stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})$/, '$1-$2-$3T$4:$5:$6.$7Z');
  return {
    name,
    path,
    at,
    bytes: (await stat(path)).size,
    sha256: sha256 ?? (await hashOf(path)),
    automatic: kind === 'auto',
  };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
