import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { seriesCsv } from '../../../src-shared/domain/dicomSeries.ts';
import { chooseConverter } from '../../dicom/nativeConverter.ts';
import { writeFileWhole } from '../../files/writeFile.ts';
import { studyKey } from '../../store/studyKey.ts';
import { fetchScans } from '../../xnat/fetchScans.ts';
import { XnatConnection } from '../../xnat/xnatConnection.ts';
import { listProjects, listScans, type XnatScan } from '../../xnat/xnatListing.ts';
import { seriesOfScan } from '../../xnat/xnatSeries.ts';
import { askPassword, passwordVariable } from './askPassword.ts';
import { interruptible } from './interruptible.ts';
import {
  chosen,
  commaList,
  modalityList,
  seriesTable,
  showResults,
  type FilterOptions,
} from './seriesTables.ts';
import { keyFrom, withStudy } from './studyKeys.ts';
import { bar, progressLine, show, table, type OutputOptions } from './terminal.ts';

interface LoginOptions extends OutputOptions {
  readonly url: string;
  readonly user: string;
}

interface ListOptions extends LoginOptions {
  readonly project?: string;
  readonly csv?: string;
  readonly keyFrom?: string;
}

interface FetchCommandOptions extends LoginOptions, FilterOptions {
  readonly project: string;
  readonly study: string;
}

/** Adds `xnat list` and `xnat fetch`: the only commands that open a connection, to the one host that is named. */
export function registerXnat(program: Command): void {
  const xnat = program
    .command('xnat')
    .description('Scans on an XNAT server: what is there, and the chosen ones as scrubbed images.')
    .addHelpText('after', '\nExample:\n  defaceqa xnat list --url https://xnat.example.org --user reader');
  const withLogin = (usage: string, description: string, example: string): Command =>
    xnat
      .command(usage)
      .description(description)
      .requiredOption('--url <address>', 'the server, https only')
      .requiredOption(
        '--user <name>',
        `whom to sign in; the password is asked for, or read from ${passwordVariable}`,
      )
      .option('--json', 'print the result as JSON')
      .addHelpText('after', `\nExample:\n  defaceqa xnat ${example}`);
  withLogin(
    'list',
    'Its projects, or the MR scans of one.',
    'list --url https://xnat.example.org --user reader --project STUDY',
  )
    .option('--project <id>', 'list the scans of this project')
    .option('--csv <file>', 'also write the whole table of scans')
    .option(
      '--key-from <study>',
      'keys as in this study, which is made if need be (default: keys for this list only)',
    )
    .action((options: ListOptions) => interruptible(options, (signal) => list(options, signal)));
  withLogin(
    'fetch',
    'Chosen scans as images without identities, in the folder "imported" of a study. The same line again goes on.',
    'fetch --url https://xnat.example.org --user reader --project STUDY --study /data/study --modality T1w',
  )
    .requiredOption('--project <id>', 'the project on the server')
    .requiredOption('--study <folder>', 'where the study lies or shall lie')
    .option('--modality <names>', 'contrasts, separated by commas', modalityList)
    .option('--description <text>', 'only scans whose description has this in it')
    .option('--series <keys>', 'these scans, by the keys of "xnat list --key-from"', commaList)
    .action((options: FetchCommandOptions) =>
      interruptible(options, (signal) => fetchChosen(options, signal)),
    );
}

/** Signs in, lends the connection and ends the session whatever happens, Ctrl-C included. */
async function signedIn<T>(
  { url, user }: LoginOptions,
  signal: AbortSignal,
  work: (connection: XnatConnection) => Promise<T>,
): Promise<T> {
  const { env, stdin, stderr } = process;
  const password = await askPassword('Password: ', { env, input: stdin, output: stderr });
  const connection = await XnatConnection.open({ url, user, password }, signal);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

async function list(options: ListOptions, signal: AbortSignal): Promise<void> {
  await signedIn(options, signal, async (connection) => {
    if (options.project === undefined) {
      const projects = await listProjects(connection, signal);
      show(options, { projects }, () =>
        table(
          ['project', 'name'],
          projects.map(({ id, name }) => [id, name]),
        ),
      );
      return;
    }
    const key = await keyFrom(options.keyFrom);
    const series = (await scansOf(connection, options.project, { key, options, signal })).map(seriesOfScan);
    if (options.csv !== undefined) await writeFileWhole(resolve(options.csv), seriesCsv(series));
    show(options, { series }, () => [seriesTable(series), `${series.length} scans.`].join('\n'));
  });
}

async function fetchChosen(options: FetchCommandOptions, signal: AbortSignal): Promise<void> {
  const study = resolve(options.study);
  const outFolder = join(study, 'imported');
  await signedIn(options, signal, (connection) =>
    withStudy(study, async (store) => {
      const key = studyKey(store);
      const scans = await scansOf(connection, options.project, { key, options, signal });
      const keys = new Set(chosen(scans.map(seriesOfScan), options).map(({ seriesKey }) => seriesKey));
      const line = progressLine(options.json !== true);
      const results = await fetchScans(
        connection,
        scans.filter(({ seriesKey }) => keys.has(seriesKey)),
        {
          outFolder,
          downloadFolder: join(study, '.downloads'),
          key,
          converter: await chooseConverter(process.env),
          signal,
          report: ({ done, total, download }) => {
            const part = download === null ? '' : `file ${download.filesDone} of ${download.files}`;
            line.draw(`fetch    ${bar(done, total)} ${part}`);
          },
        },
      );
      line.clear();
      showResults(options, outFolder, results);
    }),
  );
}

async function scansOf(
  connection: XnatConnection,
  project: string,
  { key, options, signal }: { key: string; options: OutputOptions; signal: AbortSignal },
): Promise<XnatScan[]> {
  const line = progressLine(options.json !== true);
  const scans: XnatScan[] = [];
  for await (const scan of listScans(connection, project, { key, signal })) {
    scans.push(scan);
    line.draw(`list     ${scans.length} scans`);
  }
  line.clear();
  return scans;
}
