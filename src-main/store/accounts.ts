import type { Role } from '../../src-shared/api/caller.ts';
import type { Account } from '../../src-shared/api/peopleCalls.ts';
import type { Store } from './openStore.ts';

type Row = Record<string, unknown>;

const toAccount = (row: Row): Account => ({
  id: String(row.id),
  name: String(row.name),
  role: row.role as Role,
  retired: row.retired === 1,
  createdAt: String(row.created_at),
  lastSignInAt: row.last_sign_in_at as string | null,
});

const lockName = 'idle-minutes';

/** People who may sign in, and after how long without use their session locks. */
export function accountsOf({ db }: Store) {
  const list = db.prepare<[], Row>('SELECT * FROM account ORDER BY created_at, name');
  const byId = db.prepare<[string], Row>('SELECT * FROM account WHERE id = ?');
  const byName = db.prepare<[string], Row>('SELECT * FROM account WHERE lower(name) = lower(?)');
  const count = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM account');
  const owners = db.prepare<[], { n: number }>(
    "SELECT count(*) AS n FROM account WHERE role = 'owner' AND retired = 0",
  );
  const add = db.prepare(
    'INSERT INTO account (id, name, role, secret, created_at) VALUES (@id, @name, @role, @secret, @at)',
  );
  const change = db.prepare(
    'UPDATE account SET name = @name, role = @role, retired = @retired WHERE id = @id',
  );
  const setSecret = db.prepare('UPDATE account SET secret = ? WHERE id = ?');
  const signedIn = db.prepare('UPDATE account SET last_sign_in_at = ? WHERE id = ?');
  const setting = db.prepare<[string], { value: string }>('SELECT value FROM study WHERE name = ?');
  const set = db.prepare(
    'INSERT INTO study (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  const one = (row: Row | undefined): Account | null => (row === undefined ? null : toAccount(row));
  let any = (count.get()?.n ?? 0) > 0;
  return {
    any: (): boolean => any,
    list: (): Account[] => list.all().map(toAccount),
    byId: (id: string): Account | null => one(byId.get(id)),
    byName: (name: string): Account | null => one(byName.get(name)),
    activeOwners: (): number => owners.get()?.n ?? 0,
    /** What `hashSecret` made of the secret of an account. */
    secretOf: (id: string): string | null => (byId.get(id)?.secret as string | undefined) ?? null,
    add(row: { id: string; name: string; role: Role; secret: string; at: string }): void {
      add.run(row);
      any = true;
    },
    change: (row: { id: string; name: string; role: Role; retired: boolean }): void =>
      void change.run({ ...row, retired: row.retired ? 1 : 0 }),
    setSecret: (id: string, secret: string): void => void setSecret.run(secret, id),
    signedIn: (id: string, at: string): void => void signedIn.run(at, id),
    idleMinutes: (): number => Number(setting.get(lockName)?.value ?? 10),
    setIdleMinutes: (minutes: number): void => void set.run(lockName, String(minutes)),
  };
}

export type Accounts = ReturnType<typeof accountsOf>;
