import { readFile, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { access } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { AppError } from '../../src-shared/api/appError.ts';
import type { ValidatorFinding } from '../../src-shared/api/exportCalls.ts';
import { runProgram } from '../tools/runProgram.ts';

/** Warnings of the validator that stay, and why they may. */
const explanations: Readonly<Record<string, string>> = {
  TSV_PSEUDO_AGE_DEPRECATED:
    'Ages of 89 and more are given as 89+ so that very old people can not be told apart; BIDS would have a capped number.',
  TOO_FEW_AUTHORS: 'Authors are named by whoever publishes the data set.',
  README_FILE_SMALL: 'The README says what there is to say.',
  SIDECAR_KEY_RECOMMENDED:
    'Acquisition facts the original sidecar does not have, or that could name a person, a place or a time.',
  JSON_KEY_RECOMMENDED: 'Given by whoever publishes the data set.',
  NO_AUTHORS: 'Authors are named by whoever publishes the data set.',
};

/** Where the validator is: DEFACEQA_BIDS_VALIDATOR, or `bids-validator-deno` on PATH; null where there is none. */
export async function findBidsValidator(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | null> {
  const named = environment.DEFACEQA_BIDS_VALIDATOR;
  const places = named === undefined ? [] : [named];
  for (const folder of (environment.PATH ?? '').split(delimiter).filter((part) => part !== ''))
    places.push(
      join(folder, process.platform === 'win32' ? 'bids-validator-deno.exe' : 'bids-validator-deno'),
    );
  for (const path of places) {
    if (await access(path).then(() => true, () => false)) return path; // prettier-ignore
  }
  return null;
}

interface RawIssue {
  readonly severity?: string;
  readonly code?: string;
  readonly subCode?: string;
  readonly location?: string;
}

/** Runs the validator on a folder. Throws `validator-failed` where it gives no answer. */
export async function validateBids(
  program: string,
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<{ readonly version: string; readonly findings: readonly ValidatorFinding[] }> {
  const log = join(tmpdir(), `defaceqa-validator-${process.pid}.log`);
  const run = async (args: string[]): Promise<string> => {
    const end = await runProgram({
      // It needs its own runtime beside it and a home for its cache; never the network. Inside a git checkout it would
      // name that checkout's commit as its version.
      command: {
        file: program,
        args,
        env: {
          PATH: environment.PATH ?? '',
          HOME: environment.HOME ?? tmpdir(),
          NO_COLOR: '1',
          GIT_DIR: join(folder, 'no-repository'),
        },
      },
      folder: tmpdir(),
      logPath: log,
      logLimitBytes: 50_000_000,
      timeoutMs: 30 * 60_000,
      signal,
    });
    signal.throwIfAborted();
    if (end.ended !== 'exited') throw failed();
    return readFile(log, 'utf8');
  };
  try {
    const version = /\d+\.\d+\.\d+/.exec(await run(['--version']))?.[0] ?? 'unknown';
    const text = await run([folder, '--format', 'json', '--max-rows', '-1']);
    const parsed = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as {
      issues?: { issues?: RawIssue[] };
    };
    const issues = parsed.issues?.issues;
    if (issues === undefined) throw failed();
    return {
      version,
      findings: issues.map(({ severity, code = '', subCode = null, location = '' }) => ({
        severity: severity === 'error' ? 'error' : 'warning',
        code,
        subCode,
        location,
        explained: explanations[code] ?? null,
      })),
    };
  } catch (error) {
    if (error instanceof SyntaxError) throw failed(error);
    throw error;
  } finally {
    await rm(log, { force: true });
  }
}

const failed = (cause?: unknown): AppError =>
  new AppError(
    'validator-failed',
    'The BIDS validator is installed but gave no answer, so nothing was exported. Run it by hand, or take it off the PATH.',
    {},
    { cause },
  );
