import { AppError } from '../../src-shared/api/appError.ts';
import type { Caller, Role, Who } from '../../src-shared/api/caller.ts';
import type { Admit } from '../../src-shared/api/dispatch.ts';
import type { Accounts } from '../store/accounts.ts';
import type { Sessions } from './sessions.ts';

const allowed: Readonly<Record<Exclude<Who, 'anyone'>, readonly Role[]>> = {
  member: ['owner', 'rater', 'viewer'],
  rater: ['owner', 'rater'],
  reader: ['owner', 'rater', 'viewer'],
  owner: ['owner'],
  'any-owner': ['owner'],
};
/** Whose answers could unblind. */
const seeing: readonly Who[] = ['reader', 'owner'];
/** Asked by screens on their own, so no sign of a person. */
const quiet: readonly string[] = ['session.state'];

/**
 * The one check of who may make a call. Throws `sign-in-needed`, `session-locked`, `not-allowed`, `blinded`. Without
 * accounts in the study everyone may do everything.
 */
export function createAdmit(
  accounts: Accounts,
  sessions: Sessions,
  isBlind: (person: { id: string; role: Role }) => boolean,
): Admit {
  return (who, session, name) => {
    if (!accounts.any()) return { person: null, blind: false, session };
    const caller = find(session);
    if (who === 'anyone') return caller;
    if (caller.person === null) {
      throw new AppError('sign-in-needed', 'Sign in first: this study has accounts.');
    }
    if (sessions.find(session)?.locked === true) {
      throw new AppError('session-locked', 'The workstation is locked. Give your password or PIN to go on.');
    }
    if (!quiet.includes(name)) sessions.touch(session);
    if (!allowed[who].includes(caller.person.role)) {
      throw new AppError('not-allowed', 'Your account may not do this. Ask an owner of the study.', {
        role: caller.person.role,
      });
    }
    if (caller.blind && seeing.includes(who)) {
      throw new AppError(
        'blinded',
        'A round is open, and raters see nothing that could tell them about tools, persons, scores or the verdicts of others.',
      );
    }
    return caller;
  };

  function find(session: string | null): Caller {
    const account = accounts.byId(sessions.find(session)?.accountId ?? '');
    if (account === null || account.retired) return { person: null, blind: true, session };
    const { id, name, role } = account;
    const locked = sessions.find(session)?.locked === true;
    return { person: { id, name, role }, blind: locked || isBlind(account), session };
  }
}
