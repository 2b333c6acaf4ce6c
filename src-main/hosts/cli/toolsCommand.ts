import { openPrograms } from '../../engine/programs.ts';
import { programTools } from '../../tools/programTools.ts';
import { builtInTools } from '../../tools/tools.ts';
import { show, table, type OutputOptions } from './terminal.ts';

/** `tools`: what can deface here, and what mends what is missing. Nothing is started but version questions. */
export async function toolsCommand(options: OutputOptions): Promise<void> {
  const found = await openPrograms(process.env).find(programTools);
  show(options, { builtIn: builtInTools, programs: found }, () =>
    [
      table(
        ['tool', 'found', 'version', 'path'],
        [
          ...builtInTools.map(({ id, version }) => [id, 'built in', version, null]),
          ...found.map(({ id, found: here, version, path }) => [id, here ? 'yes' : 'no', version, path]),
        ],
      ),
      ...found
        .filter(({ found: here }) => !here)
        .map(
          ({ title, missing, mend }) =>
            `\n${title}: missing ${missing.map(({ what }) => what).join(', ')}. ${mend ?? ''}`,
        ),
      ...found.map(({ title, licence }) => `\n${title}: ${licence}`),
      ...found
        .filter(({ badVersion }) => badVersion !== null)
        .map(({ title, badVersion }) => `\n${title}: ${badVersion ?? ''}`),
    ].join(''),
  );
}
