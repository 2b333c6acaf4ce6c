import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiAnswer } from '../../src-shared/api/answer.ts';
import { contract } from '../../src-shared/api/contract.ts';
import { createDispatch, type Admit } from '../../src-shared/api/dispatch.ts';
import type { InputFacts, Provenance } from '../../src-shared/domain/provenance.ts';
import type { Defacing, Prepared, Scan } from '../../src-shared/domain/study.ts';
import { mergedSettings, type StudySettings } from '../../src-shared/domain/settings.ts';
import { sha256 } from '../files/hash.ts';
import { machineSettingsInMemory, type MachineSettingsFile } from '../files/machineSettings.ts';
import { readBytes } from '../files/readBytes.ts';
import { templateFolder } from '../files/readTemplate.ts';
import { createJobs } from '../jobs/jobs.ts';
import type { PrintPdf } from '../release/printPdf.ts';
import { accountsOf, type Accounts } from '../store/accounts.ts';
import { anatomiesOf } from '../store/anatomies.ts';
import { derivedOf } from '../store/derived.ts';
import { predictorRowsOf } from '../store/predictorRows.ts';
import { jobRowsOf } from '../store/jobRows.ts';
import { learningOf, type Learning } from '../store/learning.ts';
import { openStore, type Store } from '../store/openStore.ts';
import { recordsOf, type Records } from '../store/records.ts';
import { releaseOf } from '../store/release.ts';
import { practicesOf, type Practices } from '../store/practices.ts';
import { roundItemsOf, type RoundItems } from '../store/roundItems.ts';
import { verdictsOf, type Verdicts } from '../store/verdicts.ts';
import { roundsOf, type Rounds } from '../store/rounds.ts';
import { personsOf } from '../store/persons.ts';
import { settingRowsOf } from '../store/settingRows.ts';
import { triageOf } from '../store/triage.ts';
import { scansOf } from '../store/scans.ts';
import type { ProgramTool } from '../tools/programTool.ts';
import type { BuiltInTool } from '../tools/tool.ts';
import type { Pool } from '../workers/pool.ts';
import { createAutomaticBackups, type AutomaticBackups } from './automaticBackups.ts';
import { createAdmit } from './admit.ts';
import { createBytesName } from './bytesName.ts';
import { openCells, type Cells } from './cells.ts';
import { createEvents, type EngineEvent } from './events.ts';
import { handlersOf } from './handlers.ts';
import { openLog, type Log } from './log.ts';
import { openPrograms, type Programs } from './programs.ts';
import { createSessions, type Sessions } from './sessions.ts';

export interface Clock {
  /** UTC now, ISO 8601. */
  readonly now: () => string;
  /** For durations. */
  readonly milliseconds: () => number;
}

export const systemClock: Clock = {
  now: () => new Date().toISOString(),
  milliseconds: () => performance.now(),
};

export interface EngineOptions {
  readonly studyFolder: string;
  readonly tools: readonly (BuiltInTool | ProgramTool)[];
  /** The environment in which programs of others are looked for; this process's own unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Settings of this machine; none, and kept for this process only, unless given. */
  readonly machineSettings?: MachineSettingsFile;
  /** Closed by whoever opened it. */
  readonly workers: Pool;
  readonly clock: Clock;
  /** Version of this software. */
  readonly software: string;
  readonly newStudyId?: () => string;
  /** Prints the report where the host can do that itself; a Chromium of this machine is looked for unless given. */
  readonly printPdf?: PrintPdf;
}

/** What the calls work with. */
export interface Engine {
  readonly store: Store;
  readonly scans: ReturnType<typeof scansOf>;
  readonly derived: ReturnType<typeof derivedOf>;
  readonly predictorRows: ReturnType<typeof predictorRowsOf>;
  readonly jobRows: ReturnType<typeof jobRowsOf>;
  readonly jobs: ReturnType<typeof createJobs>;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly learning: Learning;
  readonly rounds: Rounds;
  readonly items: RoundItems;
  readonly verdicts: Verdicts;
  readonly practices: Practices;
  readonly automaticBackups: AutomaticBackups;
  /** The append-only log: everything that has to be provable later goes in here. */
  readonly records: Records;
  readonly release: ReturnType<typeof releaseOf>;
  readonly triage: ReturnType<typeof triageOf>;
  readonly pool: Pool;
  readonly tools: readonly (BuiltInTool | ProgramTool)[];
  readonly programs: Programs;
  readonly machineSettings: MachineSettingsFile;
  readonly settingRows: ReturnType<typeof settingRowsOf>;
  /** What runs go by now: the study's word where it has one, else the machine's. Throws `settings-damaged`. */
  readonly settings: () => StudySettings;
  readonly persons: ReturnType<typeof personsOf>;
  readonly anatomies: ReturnType<typeof anatomiesOf>;
  readonly clock: Clock;
  readonly software: string;
  readonly log: Log;
  /** The host's own way to print; null where there is none. */
  readonly printPdf: PrintPdf | null;
  /** Something to end before the study closes. */
  readonly onClose: (end: () => Promise<void>) => void;
  /** Steps of scans under way, and those a person stopped. */
  readonly cells: Cells;
  /** SHA-256 over the files of the template head. */
  readonly templateHash: () => Promise<string>;
  /** Starts a stopwatch; its end makes the provenance of what was done meanwhile. */
  readonly timed: () => (facts: InputFacts) => Provenance;
}

export interface OpenEngine {
  /** The way in for every host. */
  readonly dispatch: (name: string, input: unknown, session?: string | null) => Promise<ApiAnswer>;
  /** Who asks, for what a host serves outside of `dispatch`; throws where this person may not. */
  readonly admit: Admit;
  /** The name of bytes as the study knows it, for one a page asked for; throws where this person may not see them. */
  readonly bytesName: (name: string, session: string | null) => string | null;
  /** What happens, as it happens, until the signal ends it. */
  readonly events: (signal: AbortSignal) => AsyncIterable<EngineEvent>;
  /** Rows a host may look up by id to serve pictures of them. */
  readonly rows: {
    readonly scan: (id: string) => Scan | null;
    readonly prepared: (scanId: string) => Prepared | null;
    readonly defacing: (id: string) => Defacing | null;
  };
  readonly close: () => Promise<void>;
}

/** Opens a study for writing and answers the calls of the contract. Errors as `openStore`. */
export async function createEngine(options: EngineOptions): Promise<OpenEngine> {
  const { studyFolder, workers, clock, software, tools } = options;
  const store = openStore(studyFolder, { newStudyId: options.newStudyId ?? randomUUID });
  try {
    // Left behind by a process that was killed.
    await rm(join(studyFolder, 'work'), { recursive: true, force: true });
    const log = openLog(studyFolder, clock.now);
    const events = createEvents();
    const jobRows = jobRowsOf(store);
    jobRows.markInterrupted();
    const jobs = createJobs({
      rows: jobRows,
      now: clock.now,
      onProgress: (progress) => events.send({ kind: 'progress', progress }),
      onEnd: (job, error) => {
        log('job-ended', {
          job: job.id,
          state: job.state,
          code: job.error?.code ?? null,
          ...unexpectedDetail(job.error, error),
        });
        events.send({ kind: 'job-ended', job });
      },
    });
    let template: Promise<string> | null = null;
    const accounts = accountsOf(store);
    const rounds = roundsOf(store);
    const sessions = createSessions({
      milliseconds: clock.milliseconds,
      idleMs: () => accounts.idleMinutes() * 60_000,
    });
    const admit = createAdmit(accounts, sessions, rounds.isBlind);
    const endings: (() => Promise<void>)[] = [];
    const machineSettings = options.machineSettings ?? machineSettingsInMemory();
    const settingRows = settingRowsOf(store);
    const settings = (): StudySettings => mergedSettings(machineSettings.read(), settingRows.read());
    const engine: Engine = {
      store,
      scans: scansOf(store),
      derived: derivedOf(store),
      predictorRows: predictorRowsOf(store),
      jobRows,
      jobs,
      accounts,
      sessions,
      rounds,
      learning: learningOf(store),
      items: roundItemsOf(store),
      verdicts: verdictsOf(store),
      practices: practicesOf(store),
      automaticBackups: createAutomaticBackups(store, { now: clock.now, log }),
      records: recordsOf(store),
      release: releaseOf(store),
      triage: triageOf(store),
      pool: workers,
      tools,
      programs: openPrograms(options.environment ?? process.env, settings),
      machineSettings,
      settingRows,
      settings,
      persons: personsOf(store),
      anatomies: anatomiesOf(store),
      clock,
      software,
      log,
      printPdf: options.printPdf ?? null,
      onClose: (end) => void endings.push(end),
      cells: openCells(clock.milliseconds),
      templateHash: () => (template ??= hashTemplate()),
      timed: () => {
        const started = clock.milliseconds();
        return (facts) => ({
          ...facts,
          command: null,
          software,
          durationMs: Math.round(clock.milliseconds() - started),
          peakMemoryBytes: null,
          at: clock.now(),
          logPath: null,
        });
      },
    };
    return {
      dispatch: createDispatch(contract, handlersOf(engine), {
        admit,
        unexpected: (name, error) =>
          log('unexpected', { call: name, detail: error instanceof Error ? error.stack : String(error) }),
      }),
      admit,
      bytesName: createBytesName(engine, admit),
      events: events.listen,
      rows: {
        scan: engine.scans.byId,
        prepared: engine.derived.prepared,
        defacing: engine.derived.defacingById,
      },
      close: async () => {
        await jobs.stopAll();
        await engine.automaticBackups.settled();
        await Promise.all(endings.map((end) => end()));
        store.close();
      },
    };
  } catch (error) {
    store.close();
    throw error;
  }
}

const unexpectedDetail = (told: { code: string } | null, error: unknown): Record<string, unknown> =>
  told?.code === 'unexpected' && error instanceof Error ? { detail: error.stack } : {};

async function hashTemplate(): Promise<string> {
  const folder = templateFolder();
  const names = ['head', 'brain', 'known', 'regions'];
  return sha256(...(await Promise.all(names.map((name) => readBytes(join(folder, `${name}.nii.gz`))))));
}
