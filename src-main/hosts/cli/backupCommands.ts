import { resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../../src-shared/api/appError.ts';
import { systemClock } from '../../engine/engine.ts';
import { listBackups, restoreBackup } from '../../engine/backups.ts';
import { interruptible } from './interruptible.ts';
import { show, table, type OutputOptions } from './terminal.ts';
import { withEngine } from './withEngine.ts';

/** Adds `backup` and `restore`. */
export function registerBackups(program: Command): void {
  program
    .command('backup <study>')
    .description("A checked copy of a study's database in its folder backups; images are not in it.")
    .option('--json', 'print the result as JSON')
    .option('--list', 'only say which copies there are')
    .addHelpText('after', '\nExample:\n  defaceqa backup /data/study --as Olga')
    .action((study: string, options: OutputOptions & { list?: boolean }) =>
      interruptible(options, () => backup(study, options)),
    );
  program
    .command('restore <study> <copy>')
    .description('Puts a checked copy in the place of the database, which is kept among the copies.')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  defaceqa restore /data/study backups/study_….sqlite --as Olga')
    .action((study: string, copy: string, options: OutputOptions) =>
      interruptible(options, () => restore(study, copy, options)),
    );
}

async function backup(studyFolder: string, options: OutputOptions & { list?: boolean }): Promise<void> {
  if (options.list === true) {
    const copies = await listBackups(studyFolder);
    show(options, { copies }, () =>
      table(
        ['at', 'kind', 'bytes', 'file'],
        copies.map(({ at, automatic, bytes, name }) => [
          at,
          automatic ? 'automatic' : 'by hand',
          bytes,
          name,
        ]),
      ),
    );
    return;
  }
  await withEngine({ studyFolder, workers: 1 }, async ({ api }) => {
    const made = await api['backups.make']({});
    show(options, made, () => `${made.path}\n${made.bytes} bytes, SHA-256 ${made.sha256}`);
  });
}

async function restore(studyFolder: string, copy: string, options: OutputOptions): Promise<void> {
  const accountId = await ownerOf(studyFolder);
  const { replaced } = await restoreBackup(studyFolder, resolve(copy), { at: systemClock.now(), accountId });
  show(options, { replaced }, () =>
    replaced === null ? 'Restored.' : `Restored. What was there is kept as ${replaced}.`,
  );
}

/** Who restores, an owner where the study has accounts. A study that is damaged or gone cannot be asked. */
async function ownerOf(studyFolder: string): Promise<string | null> {
  try {
    return await withEngine({ studyFolder, workers: 1, mustExist: true }, async ({ api }) => {
      // Owners only.
      await api['people.list']({});
      return (await api['session.state']({})).person?.id ?? null;
    });
  } catch (error) {
    if (error instanceof AppError && ['study-corrupt', 'study-missing'].includes(error.code)) return null;
    throw error;
  }
}
