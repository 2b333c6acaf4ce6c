import type { Command } from 'commander';
import { AppError } from '../../../src-shared/api/appError.ts';
import { originalSides, type RoundSummary } from '../../../src-shared/api/roundCalls.ts';
import { interruptible } from './interruptible.ts';
import { accountIdOf } from './peopleCommands.ts';
import { commaList } from './seriesTables.ts';
import { show, table, type OutputOptions } from './terminal.ts';
import { withEngine, type Opened } from './withEngine.ts';

interface OpenOptions extends OutputOptions {
  readonly name: string;
  readonly raters: readonly string[];
  readonly third?: string;
  readonly tools?: readonly string[];
  readonly scans?: readonly string[];
  readonly repeats: number;
  readonly minSeconds: number;
  readonly side: string;
  readonly seed?: number;
  readonly practice?: boolean;
}

interface RoundOptions extends OutputOptions {
  readonly round?: string;
}

/** Adds the commands of rating rounds. */
export function registerRounds(program: Command): void {
  const rounds = program
    .command('rounds')
    .description('Rounds of rating: who rates what, how far they are, and their final labels.')
    .addHelpText('after', '\nExample:\n  defaceqa rounds list /data/study --as Olga');
  const command = (usage: string, description: string, example: string): Command =>
    rounds
      .command(usage)
      .description(description)
      .option('--json', 'print the result as JSON')
      .addHelpText('after', `\nExample:\n  defaceqa rounds ${example}`);
  const ofRound = (usage: string, description: string, example: string): Command =>
    command(usage, description, example).option(
      '--round <name>',
      'name or id of the round (default: the only one)',
    );
  command('list <study>', 'Rounds and their progress.', 'list /data/study --as Olga').action(
    (study: string, options: OutputOptions) =>
      interruptible(options, () =>
        withEngine({ studyFolder: study, workers: 1 }, async ({ api }) => {
          const found = await api['rounds.list']({});
          show(options, { rounds: found }, () =>
            found.length === 0 ? 'No rounds.' : found.map(inWords).join('\n\n'),
          );
        }),
      ),
  );
  command(
    'open <study>',
    'Opens a round.',
    'open /data/study --name First --raters Ann,Ben --third Cy --as Olga',
  )
    .requiredOption('--name <text>', 'what the round is called')
    .requiredOption('--raters <names>', 'the two primary raters, separated by a comma', commaList)
    .option('--third <name>', 'who adjudicates (default: nobody, disagreements go to the consensus session)')
    .option('--tools <ids>', 'tools, separated by commas (default: all with a defacing)', commaList)
    .option('--scans <names>', 'scans by name or id, separated by commas (default: all taken up)', commaList)
    .option('--repeats <share>', 'share of hidden second looks', Number, 0.1)
    .option('--min-seconds <s>', 'shortest look', Number, 2)
    .option('--side <side>', `where the original stands: ${originalSides.join(', ')}`, 'left')
    .option('--seed <n>', 'of the order (default: drawn)', Number)
    .option('--practice', 'everybody practises first')
    .action((study: string, options: OpenOptions) => interruptible(options, () => open(study, options)));
  ofRound('add <study>', 'More scans or tools into a round.', 'add /data/study --tools pydeface --as Olga')
    .option('--tools <ids>', 'tools, separated by commas (default: those of the round)', commaList)
    .option('--scans <names>', 'scans by name or id, separated by commas (default: all taken up)', commaList)
    .action((study: string, options: RoundOptions & Pick<OpenOptions, 'tools' | 'scans'>) =>
      interruptible(options, () =>
        onRound(study, options, async (api, { id: roundId }) => {
          const { added, round } = await api['rounds.add']({ roundId, ...(await chosen(api, options)) });
          show(options, { added, round }, () => `${added} pairs added.\n${inWords(round)}`);
        }),
      ),
    );
  ofRound('close <study>', 'Closes a round; nothing is lost.', 'close /data/study --as Olga').action(
    (study: string, options: RoundOptions) =>
      interruptible(options, () =>
        onRound(study, options, async (api, { id: roundId }) => {
          const round = await api['rounds.close']({ roundId });
          show(options, round, () => inWords(round));
        }),
      ),
  );
  ofRound(
    'reopen <study>',
    'Opens a closed round again.',
    'reopen /data/study --reason "two scans more" --as Olga',
  )
    .requiredOption('--reason <text>', 'kept in the records')
    .action((study: string, options: RoundOptions & { reason: string }) =>
      interruptible(options, () =>
        onRound(study, options, async (api, { id: roundId }) => {
          const round = await api['rounds.reopen']({ roundId, reason: options.reason });
          show(options, round, () => inWords(round));
        }),
      ),
    );
  ofRound(
    'unblind <study> <person>',
    'Lets one person see while a round is open.',
    'unblind /data/study Ann --reason "left the study" --as Olga',
  )
    .requiredOption('--reason <text>', 'kept in the records, and shown with the round')
    .action((study: string, person: string, options: RoundOptions & { reason: string }) =>
      interruptible(options, () =>
        onRound(study, options, async (api, { id: roundId }) => {
          const accountId = await accountIdOf(api, person);
          const round = await api['rounds.unblind']({ roundId, accountId, reason: options.reason });
          show(options, round, () => inWords(round));
        }),
      ),
    );
  ofRound(
    'freeze <study>',
    'Fixes the final labels of a closed round.',
    'freeze /data/study --as-name "paper v1" --as Olga',
  )
    .requiredOption('--as-name <text>', 'name of this state of the labels')
    .action((study: string, options: RoundOptions & { asName: string }) =>
      interruptible(options, () =>
        onRound(study, options, async (api, { id: roundId }) => {
          const frozen = await api['labels.freeze']({ roundId, name: options.asName });
          show(
            options,
            frozen,
            () => `${frozen.labels} defacings have their final labels (SHA-256 ${frozen.sha256}).`,
          );
        }),
      ),
    );
  ofRound('unfreeze <study>', 'Reopens frozen labels.', 'unfreeze /data/study --reason "a slip" --as Olga')
    .requiredOption('--reason <text>', 'kept in the records')
    .action((study: string, options: RoundOptions & { reason: string }) =>
      interruptible(options, () =>
        onRound(study, options, async (api, { id: roundId }) => {
          await api['labels.reopen']({ roundId, reason: options.reason });
          show(options, { roundId }, () => 'The labels can change again.');
        }),
      ),
    );
}

async function open(studyFolder: string, options: OpenOptions): Promise<void> {
  await withEngine({ studyFolder, workers: 1 }, async ({ api }) => {
    const [first, second] = options.raters;
    const side = originalSides.find((each) => each === options.side);
    if (options.raters.length !== 2) throw new AppError('bad-input', 'Name two raters: --raters Ann,Ben.');
    if (side === undefined)
      throw new AppError('bad-input', `The side is one of ${originalSides.join(', ')}.`);
    const round = await api['rounds.open']({
      name: options.name,
      primary: [await accountIdOf(api, first), await accountIdOf(api, second)],
      third: options.third === undefined ? null : await accountIdOf(api, options.third),
      repeatShare: options.repeats,
      minViewingMs: Math.round(options.minSeconds * 1000),
      originalSide: side,
      practiceRequired: options.practice === true,
      ...(options.seed !== undefined && { seed: options.seed }),
      ...(await chosen(api, options)),
    });
    show(options, round, () => inWords(round));
  });
}

/** Scans by name or id and tools, as far as they were given. */
async function chosen(
  api: Opened['api'],
  { scans: wanted, tools }: Pick<OpenOptions, 'tools' | 'scans'>,
): Promise<{ scanIds?: string[]; tools?: readonly string[] }> {
  const rest = tools === undefined ? {} : { tools };
  if (wanted === undefined) return rest;
  const scans = await api['scans.list']({});
  const scanIds = wanted.map(
    (name) => scans.find((scan) => scan.name === name || scan.id === name)?.id ?? name,
  );
  return { scanIds, ...rest };
}

/** Runs work on the round that is named, or on the only one there is. */
export async function onRound(
  studyFolder: string,
  { round: wanted }: RoundOptions,
  work: (api: Opened['api'], round: RoundSummary) => Promise<void>,
): Promise<void> {
  await withEngine({ studyFolder, workers: 1 }, async ({ api }) => {
    const found = await api['rounds.list']({});
    const fitting = found.filter(({ id, name }) => wanted === undefined || id === wanted || name === wanted);
    if (fitting.length !== 1) {
      const names = found.map(({ name, id }) => `${name} (${id})`).join(', ');
      throw new AppError(
        'round-missing',
        `Say which round with --round. There are: ${names === '' ? 'none' : names}.`,
      );
    }
    await work(api, fitting[0]);
  });
}

function inWords({ name, id, state, mine, overview, frozen }: RoundSummary): string {
  const lines = [
    `${name} (${id}): ${state}${frozen === null ? '' : `, labels frozen as "${frozen.name}" ${frozen.at}`}`,
  ];
  const raters = overview?.raters ?? (mine === null ? [] : [mine]);
  lines.push(
    table(
      ['rater', 'part', 'done', 'of', 'median s'],
      raters.map(({ name: who, part, done, total, medianViewingMs }) => [
        who,
        part,
        done,
        total,
        medianViewingMs === null ? null : Number((medianViewingMs / 1000).toFixed(1)),
      ]),
    ),
  );
  if (overview?.settled != null)
    lines.push(
      `${overview.settled} of ${overview.defacings} settled; ${overview.disputed ?? 0} disputed, ${overview.waitingForThird ?? 0} wait for the third rater, ${overview.waitingForConsensus ?? 0} for the consensus session.`,
    );
  return lines.join('\n');
}
