import { createClient } from '../../../src-shared/api/client.ts';
import { contract } from '../../../src-shared/api/contract.ts';
import { AppError } from '../../../src-shared/api/appError.ts';
import type { OpenEngine } from '../../engine/engine.ts';
import { askPassword } from './askPassword.ts';

/** Who uses the command line in a study with accounts; set by `--as NAME` as well. */
export const nameVariable = 'DEFACEQA_AS';
export const secretVariable = 'DEFACEQA_PASSWORD';
/** For an account that is added, or gets another password. */
export const newSecretVariable = 'DEFACEQA_NEW_PASSWORD';

/**
 * Signs in as whoever `--as` names, where the study has accounts; null where nobody signs in. Passwords come from the
 * environment or are typed, never from arguments, which other users of a machine can read.
 */
export async function signIn(
  { dispatch }: OpenEngine,
  { env, stdin, stderr } = process,
): Promise<string | null> {
  const api = createClient(contract, (name, input) => dispatch(name, input));
  const { accounts, people } = await api['session.state']({});
  const name = env[nameVariable];
  if (!accounts || name === undefined || name === '') return null;
  const person = people.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (person === undefined) throw new AppError('account-missing', `Nobody named ${name} uses this study.`);
  const secret = await askPassword(`Password of ${person.name}: `, {
    env,
    input: stdin,
    output: stderr,
    variable: secretVariable,
  });
  return (await api['session.signIn']({ accountId: person.id, secret })).session;
}
