import { Command, InvalidArgumentError } from 'commander';
import { allTools } from '../../tools/allTools.ts';
import { builtInTools } from '../../tools/tools.ts';
import { registerBenchmark } from './benchCommands.ts';
import { demoCommand } from './demoCommand.ts';
import { registerBackups } from './backupCommands.ts';
import { registerPeople } from './peopleCommands.ts';
import { registerRatings } from './ratingCommands.ts';
import { registerRounds } from './roundCommands.ts';
import { nameVariable, secretVariable } from './signIn.ts';
import { registerDicom } from './dicomCommands.ts';
import {
  brainMaskCommand,
  defaceCommand,
  featuresCommand,
  phantomCommand,
  probeCommand,
  similarityCommand,
  viewsCommand,
} from './fileCommands.ts';
import { bidsAppCommand, isBidsApp } from './bidsApp.ts';
import { registerExport } from './exportCommands.ts';
import { runCommand } from './runCommand.ts';
import { serveCommand } from './serveCommand.ts';
import { registerSettings } from './settingsCommand.ts';
import { softwareVersion } from './software.ts';
import { fail, type OutputOptions } from './terminal.ts';
import { toolsCommand } from './toolsCommand.ts';
import { registerTriage } from './triageCommand.ts';
import { registerReport } from './reportCommand.ts';
import { registerTrain } from './train.ts';
import { verifyCommand } from './verifyCommand.ts';
import { registerXnat } from './xnatCommands.ts';

const program = new Command('defaceqa')
  .description('Checks, by measurement and by eye, whether defaced head MRI scans still show the face.')
  .version(softwareVersion())
  .option(
    '--as <name>',
    `who you are, in a study with accounts; the password is asked for, or read from ${secretVariable}`,
  )
  .hook('preAction', (_program, action) => {
    const { as: name } = action.optsWithGlobals<{ as?: string }>();
    if (name !== undefined) process.env[nameVariable] = name;
  })
  .addHelpText('after', '\nBegin with:\n  defaceqa demo\n  defaceqa run FOLDER --study STUDY');

const whole =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`A whole number from ${least} on.`);
    return value;
  };
const millimetres = (text: string): number => {
  const value = Number(text);
  if (!(value >= 0.4 && value <= 12)) throw new InvalidArgumentError('0.4 to 12 mm.');
  return value;
};

/** Adds a command that ends with a sentence, never with a stack, when something that can happen happened. */
function command(usage: string, description: string, example: string): Command {
  return program
    .command(usage)
    .description(description)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', `\nExample:\n  defaceqa ${example}`);
}

function told<Args extends unknown[]>(
  work: (...args: Args) => Promise<void>,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    try {
      await work(...args);
    } catch (error) {
      const options = args.find(
        (arg): arg is Args[number] & OutputOptions => typeof arg === 'object' && arg !== null,
      );
      fail(options ?? {}, error);
    }
  };
}

const allIds = allTools.map(({ id }) => id).join(',');
const toolIds = builtInTools.map(({ id }) => id).join(',');

command(
  'run <input>',
  'The main job: every head below a folder defaced by each tool, drawn, measured and recorded. Stop it with Ctrl-C; the same line goes on.',
  'run /data/heads --study /data/study',
)
  .requiredOption('--study <folder>', 'where the study lies or shall lie')
  .option('--tools <ids>', `tools, separated by commas: ${allIds} (default: the built-in ones)`)
  .option('--workers <n>', 'threads (default: one per core)', whole(1))
  .option('--retry', 'do again what failed before')
  .option('--ladder', 'where a tool fails, try its other settings in turn')
  .option('--skip-missing', 'leave out tools that are not installed here')
  .option('--take-up-4d', 'deface 4D files too, with one mask for all their volumes; kept with the study')
  .option(
    '--take-up-without-orientation',
    'deface files too whose header does not say how the head lies; kept with the study',
  )
  .action(told(runCommand));

command('tools', 'Which defacers are here, and what mends what is missing.', 'tools')
  .option('--study <folder>', 'by the settings of this study too')
  .action(told(toolsCommand));

command('probe <file>', 'What a file is: state, geometry, contrast, hashes.', 'probe scan.nii.gz').action(
  told(probeCommand),
);

command('brainmask <file>', 'The brain mask of a head scan.', 'brainmask scan.nii.gz --out brain.nii.gz')
  .requiredOption('--out <file>', 'the mask to write')
  .action(told(brainMaskCommand));

command(
  'deface <file>',
  'One tool on one scan.',
  'deface scan.nii.gz --tool facemask-builtin --out defaced.nii.gz',
)
  .requiredOption('--tool <id>', `one of ${toolIds}`)
  .requiredOption('--out <file>', 'the defaced scan to write')
  .option('--mask <file>', 'also write what was removed')
  .option('--brain <file>', 'a brain mask on the grid of the scan')
  .action(told(defaceCommand));

command('views <file>', 'The five views of a head as PNG pictures.', 'views scan.nii.gz --out views')
  .requiredOption('--out <folder>', 'where the pictures go')
  .option('--frame <original>', 'draw in the frame of this scan, to compare with it')
  .action(told(viewsCommand));

command(
  'features <original> <defaced>',
  'Every measurement of one defacing.',
  'features scan.nii.gz defaced.nii.gz --json',
)
  .option('--brain <file>', 'a brain mask on the grid of the scan')
  .action(told(featuresCommand));

command(
  'similarity <a> <b>',
  'How alike two PNG pictures are.',
  'similarity original.png defaced.png',
).action(told(similarityCommand));

command('phantom', 'An invented head with its truth.', 'phantom --seed 7 --out phantoms')
  .requiredOption('--seed <n>', 'the person', whole(0))
  .requiredOption('--out <folder>', 'where its files go')
  .option('--spacing <mm>', 'voxel size', millimetres, 1)
  .action(told(phantomCommand));

command(
  'verify <study>',
  'Whether every file and record of a study is as it was written.',
  'verify /data/study --json',
)
  .option('--seal <hash>', 'an earlier seal: proves that nothing up to it was changed')
  .action(told(verifyCommand));

command('serve', 'The workstation in the browser of this machine, until Ctrl-C.', 'serve --root /data')
  .option('--port <n>', 'port on 127.0.0.1 (default: any free one)', whole(1))
  .option('--workers <n>', 'threads (default: one per core)', whole(1))
  .option('--root <folders...>', 'folders it may look into (default: your home)')
  .option('--study <folder>', 'a study to open at once')
  .option('--sample-folder <folder>', 'where the sample study is made')
  .option('--state-folder <folder>', 'where the list of recent studies is kept')
  .option('--idle-minutes <n>', 'locks after this long without use', whole(1), 30)
  .option('--no-open', 'do not start a browser')
  .action(told(serveCommand));

command('demo', 'The main job on a sample study of invented heads.', 'demo')
  .option('--out <folder>', 'where sample and study go (default: "DefaceQA demo" in your home)')
  .option('--people <n>', 'how many heads', whole(1), 4)
  .action(told(demoCommand));

registerExport(program);
registerSettings(program, told);
registerTriage(program);
registerPeople(program);
registerRounds(program);
registerRatings(program);
registerBackups(program);
registerReport(program);
registerTrain(program);
registerBenchmark(program);
registerDicom(program);
registerXnat(program);

if (isBidsApp(process.argv.slice(2))) await bidsAppCommand().parseAsync();
else await program.parseAsync();
