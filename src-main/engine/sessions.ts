import { createHash, randomBytes } from 'node:crypto';

interface Session {
  readonly accountId: string;
  locked: boolean;
  /** Milliseconds of the engine's clock at the last sign of the person. */
  lastUse: number;
}

export interface FoundSession {
  readonly accountId: string;
  readonly locked: boolean;
}

/**
 * Who is signed in, by a random token that only the client holds: here it is kept as its SHA-256, in memory, so that a
 * restart means signing in again. A session locks after `idleMs` without use and stays locked until the secret is given.
 */
export function createSessions({
  milliseconds,
  idleMs,
}: {
  milliseconds: () => number;
  idleMs: () => number;
}) {
  const sessions = new Map<string, Session>();
  const keyOf = (token: string): string => createHash('sha256').update(token).digest('base64');
  const current = (token: string | null): Session | null => {
    const session = token === null ? undefined : sessions.get(keyOf(token));
    if (session === undefined) return null;
    if (milliseconds() - session.lastUse > idleMs()) session.locked = true;
    return session;
  };
  return {
    open(accountId: string): string {
      const token = randomBytes(32).toString('base64url');
      sessions.set(keyOf(token), { accountId, locked: false, lastUse: milliseconds() });
      return token;
    },
    find: (token: string | null): FoundSession | null => current(token),
    touch(token: string | null): void {
      const session = current(token);
      if (session !== null && !session.locked) session.lastUse = milliseconds();
    },
    lock(token: string | null): void {
      const session = current(token);
      if (session !== null) session.locked = true;
    },
    unlock(token: string | null): void {
      const session = current(token);
      if (session === null) return;
      session.locked = false;
      session.lastUse = milliseconds();
    },
    end(token: string | null): void {
      if (token !== null) sessions.delete(keyOf(token));
    },
    /** Ends every session of a person, for instance of one who was retired. */
    endAll(accountId: string, { except = null }: { except?: string | null } = {}): void {
      const kept = except === null ? null : keyOf(except);
      for (const [key, session] of sessions)
        if (session.accountId === accountId && key !== kept) sessions.delete(key);
    },
  };
}

export type Sessions = ReturnType<typeof createSessions>;

const freeTries = 4;
const longestMs = 60_000;

/** Makes guessing slow: after four wrong secrets in a row for one account, each further try waits twice as long as the last. */
export function createTries(milliseconds: () => number) {
  const wrong = new Map<string, { count: number; until: number }>();
  return {
    /** Milliseconds until the next try for this account is taken; 0 for now. */
    waitMs: (accountId: string): number => Math.max(0, (wrong.get(accountId)?.until ?? 0) - milliseconds()),
    failed(accountId: string): void {
      const count = (wrong.get(accountId)?.count ?? 0) + 1;
      const pause = count < freeTries ? 0 : Math.min(longestMs, 1000 * 2 ** (count - freeTries));
      wrong.set(accountId, { count, until: milliseconds() + pause });
    },
    right: (accountId: string): void => void wrong.delete(accountId),
  };
}
