import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import type { Db } from './openStore.ts';

/**
 * One process writes to a study. The lock is one of the operating system on `writer.lock`, held through SQLite, so it ends
 * with its process however that ends: nothing stale is left by a crash or kill. Who holds it is written beside it, for the
 * sentence of the refusal only. Answers the way to give it back; throws `study-busy`.
 */
export function takeWriterLock(folder: string, openPlain: (path: string) => Db): () => void {
  const owner = join(folder, 'writer.json');
  const lock = openPlain(join(folder, 'writer.lock'));
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (!code.startsWith('SQLITE_BUSY')) throw cause;
    throw busy(owner, cause);
  }
  try {
    writeFileSync(owner, JSON.stringify({ pid: process.pid, host: hostname() }));
  } catch (error) {
    lock.close();
    throw error;
  }
  return () => lock.close();
}

function busy(ownerPath: string, cause: unknown): AppError {
  let facts: { pid?: unknown; host?: unknown } = {};
  try {
    facts = JSON.parse(readFileSync(ownerPath, 'utf8')) as typeof facts;
  } catch {
    facts = {};
  }
  const pid = typeof facts.pid === 'number' ? facts.pid : null;
  const host = typeof facts.host === 'string' ? facts.host : null;
  const who = pid === null ? 'another process' : `process ${pid}${host === null ? '' : ` on ${host}`}`;
  return new AppError(
    'study-busy',
    `This study is being written by ${who}. Wait until it ends or stop it; nothing was changed here.`,
    { pid, host },
    { cause },
  );
}
