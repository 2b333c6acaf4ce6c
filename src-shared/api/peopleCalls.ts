import { roles, type Person, type Role } from './caller.ts';
import { call } from './call.ts';
import {
  boolean,
  integer,
  maxLength,
  maxValue,
  minLength,
  minValue,
  number,
  optional,
  picklist,
  pipe,
  strictObject,
  string,
} from './checks.ts';

const accountId = pipe(string(), minLength(1), maxLength(64));
const name = pipe(string(), minLength(1), maxLength(80));
/** A password, or a PIN of digits. How long it must be at least is the engine's sentence. */
const secret = pipe(string(), maxLength(256));
const role = picklist(roles);

/** Who uses the study, and who is signed in. */
export const peopleCalls = {
  'session.state': call(strictObject({}), { who: 'anyone' }).returns<SessionState>(),
  /** Ends the session that came with the call, if any: so switching person is this one call. */
  'session.signIn': call(strictObject({ accountId, secret }), { who: 'anyone' }).returns<SignedIn>(),
  /** Hides everything until the same person gives the secret again. The session stays. */
  'session.lock': call(strictObject({}), { who: 'anyone' }).returns<SessionState>(),
  'session.unlock': call(strictObject({ secret }), { who: 'anyone' }).returns<SessionState>(),
  'session.signOut': call(strictObject({}), { who: 'anyone' }).returns<SessionState>(),
  /** Somebody is there: puts the automatic lock off. Every other call but `session.state` does so too. */
  'session.touch': call(strictObject({}), { who: 'member' }).returns<null>(),
  'session.changeSecret': call(strictObject({ old: secret, new: secret }), { who: 'member' }).returns<null>(),
  'people.list': call(strictObject({}), { who: 'any-owner' }).returns<readonly Account[]>(),
  /** The first account of a study must be an owner; from then on everyone signs in. */
  'people.add': call(strictObject({ name, role, secret }), { who: 'any-owner' }).returns<Account>(),
  'people.change': call(
    strictObject({
      accountId,
      name: optional(name),
      role: optional(role),
      secret: optional(secret),
      /** A retired person can no longer sign in; what was rated stays. */
      retired: optional(boolean()),
    }),
    { who: 'any-owner' },
  ).returns<Account>(),
  'people.setLock': call(
    strictObject({ idleMinutes: pipe(number(), integer(), minValue(1), maxValue(240)) }),
    { who: 'any-owner' },
  ).returns<null>(),
};

export interface SessionState {
  /** Whether the study has accounts; without, one person uses it and nobody signs in. */
  readonly accounts: boolean;
  /** Who is signed in with the session that came with the call, also while it is locked. */
  readonly person: Person | null;
  readonly locked: boolean;
  /** Sees no tools, scores, persons or verdicts of others now: the screens that show them answer `blinded`. */
  readonly blind: boolean;
  readonly idleMinutes: number;
  /** Whom one can sign in as, by name. */
  readonly people: readonly { readonly id: string; readonly name: string }[];
}

export interface SignedIn {
  /** Goes with every further call: as the header X-Session, and as `?session=` where only an address can be given. */
  readonly session: string;
  readonly state: SessionState;
}

export interface Account extends Person {
  readonly retired: boolean;
  /** UTC, ISO 8601. */
  readonly createdAt: string;
  readonly lastSignInAt: string | null;
}

export type { Person, Role };
