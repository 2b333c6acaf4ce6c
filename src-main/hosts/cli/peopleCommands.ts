import type { Command } from 'commander';
import { AppError } from '../../../src-shared/api/appError.ts';
import { roles, type Role } from '../../../src-shared/api/caller.ts';
import type { Account } from '../../../src-shared/api/peopleCalls.ts';
import { askPassword } from './askPassword.ts';
import { interruptible } from './interruptible.ts';
import { newSecretVariable } from './signIn.ts';
import { show, table, type OutputOptions } from './terminal.ts';
import { withEngine, type Opened } from './withEngine.ts';

interface AddOptions extends OutputOptions {
  readonly role: string;
}

interface ChangeOptions extends OutputOptions {
  readonly rename?: string;
  readonly role?: string;
  readonly newPassword?: boolean;
  readonly retire?: boolean;
  readonly back?: boolean;
}

/** Adds `people list`, `people add` and `people change`. */
export function registerPeople(program: Command): void {
  const people = program
    .command('people')
    .description('Who uses a study: owners keep it, raters rate, viewers look.')
    .addHelpText('after', '\nExample:\n  defaceqa people add /data/study Olga --role owner');
  const command = (usage: string, description: string, example: string): Command =>
    people
      .command(usage)
      .description(description)
      .option('--json', 'print the result as JSON')
      .addHelpText('after', `\nExample:\n  defaceqa people ${example}`);
  command('list <study>', 'Accounts of a study.', 'list /data/study --as Olga').action(
    (study: string, options: OutputOptions) => interruptible(options, () => list(study, options)),
  );
  command(
    'add <study> <name>',
    `Adds somebody. The first is an owner; the password is asked for, or read from ${newSecretVariable}.`,
    'add /data/study Ann --role rater --as Olga',
  )
    .requiredOption('--role <role>', roles.join(', '))
    .action((study: string, name: string, options: AddOptions) =>
      interruptible(options, () => add(study, name, options)),
    );
  command('change <study> <name>', 'Changes an account.', 'change /data/study Ann --retire --as Olga')
    .option('--rename <name>', 'another name')
    .option('--role <role>', roles.join(', '))
    .option('--new-password', `asks for another password, or reads it from ${newSecretVariable}`)
    .option('--retire', 'can no longer sign in; what was rated stays')
    .option('--back', 'can sign in again')
    .action((study: string, name: string, options: ChangeOptions) =>
      interruptible(options, () => change(study, name, options)),
    );
}

async function list(studyFolder: string, options: OutputOptions): Promise<void> {
  await withEngine({ studyFolder, workers: 1 }, async ({ api }) => {
    const people = await api['people.list']({});
    show(options, { people }, () =>
      people.length === 0 ? 'No accounts: one person uses this study.' : peopleTable(people),
    );
  });
}

async function add(studyFolder: string, name: string, options: AddOptions): Promise<void> {
  await withEngine({ studyFolder, workers: 1 }, async ({ api }) => {
    const account = await api['people.add']({
      name,
      role: roleOf(options.role),
      secret: await newSecret(name),
    });
    show(options, account, () => `${account.name} is ${account.role} of this study.`);
  });
}

async function change(studyFolder: string, name: string, options: ChangeOptions): Promise<void> {
  await withEngine({ studyFolder, workers: 1 }, async ({ api }) => {
    const account = await api['people.change']({
      accountId: await accountIdOf(api, name),
      ...(options.rename !== undefined && { name: options.rename }),
      ...(options.role !== undefined && { role: roleOf(options.role) }),
      ...(options.newPassword === true && { secret: await newSecret(name) }),
      ...(options.retire === true && { retired: true }),
      ...(options.back === true && { retired: false }),
    });
    show(options, account, () => peopleTable([account]));
  });
}

/** Throws `account-missing` with the names there are. */
export async function accountIdOf(api: Opened['api'], name: string): Promise<string> {
  const people = await api['people.list']({});
  const found = people.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found.id;
  const names = people.map((each) => each.name).join(', ');
  throw new AppError('account-missing', `Nobody named ${name} uses this study. There are: ${names}.`);
}

function roleOf(text: string): Role {
  const role = roles.find((each) => each === text);
  if (role === undefined) throw new AppError('bad-input', `A role is one of ${roles.join(', ')}.`);
  return role;
}

const newSecret = (name: string): Promise<string> =>
  askPassword(`New password or PIN of ${name}: `, {
    env: process.env,
    input: process.stdin,
    output: process.stderr,
    variable: newSecretVariable,
  });

const peopleTable = (people: readonly Account[]): string =>
  table(
    ['name', 'role', 'since', 'last sign-in', ''],
    people.map(({ name, role, createdAt, lastSignInAt, retired }) => [
      name,
      role,
      createdAt.slice(0, 10),
      lastSignInAt?.slice(0, 16).replace('T', ' ') ?? null,
      retired ? 'retired' : '',
    ]),
  );
