import { randomBytes } from 'node:crypto';
import { AppError } from '../../src-shared/api/appError.ts';
import type { HandlersOf } from '../../src-shared/api/call.ts';
import type { Caller } from '../../src-shared/api/caller.ts';
import type { Account, peopleCalls, SessionState } from '../../src-shared/api/peopleCalls.ts';
import type { Engine } from './engine.ts';
import { hashSecret, requireSecret, secretFits } from './secrets.ts';
import { createTries } from './sessions.ts';

/** Accounts and sessions. Every sign-in, refused ones too, and every change of an account goes into the log of records. */
export function peopleHandlers(engine: Engine): HandlersOf<typeof peopleCalls> {
  const { accounts, sessions, records, rounds, clock, store } = engine;
  const tries = createTries(clock.milliseconds);
  const record = (kind: string, accountId: string | null, body: unknown): void =>
    void records.append({ kind, accountId, at: clock.now(), body });

  function stateOf(session: string | null): SessionState {
    const found = sessions.find(session);
    const account = found === null ? null : accounts.byId(found.accountId);
    const person =
      account === null || account.retired ? null : { id: account.id, name: account.name, role: account.role };
    return {
      accounts: accounts.any(),
      person,
      locked: person !== null && found?.locked === true,
      blind: person === null ? accounts.any() : rounds.isBlind(person),
      idleMinutes: accounts.idleMinutes(),
      people: accounts
        .list()
        .filter(({ retired }) => !retired)
        .map(({ id, name }) => ({ id, name })),
    };
  }

  /** Throws `too-many-tries` or `wrong-secret`; the log keeps that somebody tried. */
  async function requireRight(accountId: string, secret: string): Promise<Account> {
    const waitMs = tries.waitMs(accountId);
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000);
      throw new AppError('too-many-tries', `Too many wrong tries. Wait ${seconds} seconds and try again.`, {
        seconds,
      });
    }
    const account = accounts.byId(accountId);
    const kept = accounts.secretOf(accountId);
    // A second try begun meanwhile must not profit from this one's delay.
    tries.failed(accountId);
    if (account !== null && !account.retired && kept !== null && (await secretFits(secret, kept))) {
      tries.right(accountId);
      return account;
    }
    if (account !== null) store.atOnce(() => record('sign-in-refused', account.id, {}));
    throw new AppError('wrong-secret', 'This password or PIN is not right.');
  }

  function endSession(session: string | null): void {
    const found = sessions.find(session);
    if (found === null) return;
    sessions.end(session);
    store.atOnce(() => record('sign-out', found.accountId, {}));
  }

  function requireFreeName(name: string, accountId: string | null): void {
    const other = accounts.byName(name);
    if (other !== null && other.id !== accountId)
      throw new AppError('name-taken', 'Somebody in this study has this name already. Choose another.');
  }

  const known = (accountId: string): Account => {
    const account = accounts.byId(accountId);
    if (account === null) throw new AppError('account-missing', 'There is no such account in this study.');
    return account;
  };

  return {
    'session.state': (_input, { session }) => stateOf(session),
    'session.signIn': async ({ accountId, secret }, { session }) => {
      const account = await requireRight(accountId, secret);
      endSession(session);
      const token = sessions.open(account.id);
      store.atOnce(() => {
        accounts.signedIn(account.id, clock.now());
        record('sign-in', account.id, {});
      });
      return { session: token, state: stateOf(token) };
    },
    'session.lock': (_input, { session }) => {
      sessions.lock(session);
      return stateOf(session);
    },
    'session.unlock': async ({ secret }, { session }) => {
      const found = sessions.find(session);
      if (found === null) throw new AppError('sign-in-needed', 'Sign in first: this study has accounts.');
      await requireRight(found.accountId, secret);
      sessions.unlock(session);
      return stateOf(session);
    },
    'session.signOut': (_input, { session }) => {
      endSession(session);
      return stateOf(null);
    },
    'session.touch': () => null,
    'session.changeSecret': async ({ old, new: secret }, caller) => {
      const person = signedIn(caller);
      await requireRight(person.id, old);
      requireSecret(secret);
      const kept = await hashSecret(secret);
      store.atOnce(() => {
        accounts.setSecret(person.id, kept);
        record('secret-changed', person.id, { accountId: person.id });
      });
      sessions.endAll(person.id, { except: caller.session });
      return null;
    },
    'people.list': () => accounts.list(),
    'people.add': async ({ name, role, secret }, caller) => {
      const plain = name.trim();
      if (plain === '') throw new AppError('name-missing', 'Give this person a name.');
      if (!accounts.any() && role !== 'owner') {
        throw new AppError(
          'first-owner',
          'The first account of a study is an owner, who can add the others.',
        );
      }
      requireFreeName(plain, null);
      requireSecret(secret);
      const kept = await hashSecret(secret);
      // Somebody else may have been quicker while the secret was hashed.
      requireFreeName(plain, null);
      const id = randomBytes(8).toString('hex');
      store.atOnce(() => {
        accounts.add({ id, name: plain, role, secret: kept, at: clock.now() });
        record('account-added', caller.person?.id ?? id, { accountId: id, name: plain, role });
      });
      return known(id);
    },
    'people.change': async ({ accountId, name, role, secret, retired }, caller) => {
      const before = known(accountId);
      const plain = (name ?? before.name).trim();
      if (plain === '') throw new AppError('name-missing', 'Give this person a name.');
      requireFreeName(plain, accountId);
      const after = {
        id: accountId,
        name: plain,
        role: role ?? before.role,
        retired: retired ?? before.retired,
      };
      if (secret !== undefined) requireSecret(secret);
      const kept = secret === undefined ? null : await hashSecret(secret);
      const losesOwner =
        before.role === 'owner' && !before.retired && (after.role !== 'owner' || after.retired);
      if (losesOwner && accounts.activeOwners() === 1) {
        throw new AppError('last-owner', 'A study needs an owner. Make somebody else one first.');
      }
      store.atOnce(() => {
        accounts.change(after);
        if (kept !== null) accounts.setSecret(accountId, kept);
        record('account-changed', caller.person?.id ?? null, {
          accountId,
          name: after.name,
          role: after.role,
          retired: after.retired,
          secretChanged: kept !== null,
        });
      });
      if (after.retired || kept !== null) sessions.endAll(accountId, { except: caller.session });
      return known(accountId);
    },
    'people.setLock': ({ idleMinutes }, caller) => {
      store.atOnce(() => {
        accounts.setIdleMinutes(idleMinutes);
        record('lock-changed', caller.person?.id ?? null, { idleMinutes });
      });
      return null;
    },
  };
}

/** The person of a caller; throws `people-needed` in a study without accounts. */
export function signedIn({ person }: Caller): NonNullable<Caller['person']> {
  if (person === null) {
    throw new AppError(
      'people-needed',
      'This study has no accounts yet. Add the people who use it first, so that it is known who rated.',
    );
  }
  return person;
}
