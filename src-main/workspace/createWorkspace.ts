import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { ApiAnswer } from '../../src-shared/api/answer.ts';
import { AppError } from '../../src-shared/api/appError.ts';
import type { HandlersOf } from '../../src-shared/api/call.ts';
import { createDispatch, type Admit } from '../../src-shared/api/dispatch.ts';
import type { HostEvent } from '../../src-shared/api/hostContract.ts';
import { workspaceContract, type OpenStudy } from '../../src-shared/api/workspaceContract.ts';
import { viewsFolder } from '../../src-shared/domain/outputNames.ts';
import { createEngine, type Clock, type OpenEngine } from '../engine/engine.ts';
import { listBackups, restoreBackup } from '../engine/backups.ts';
import { createEvents } from '../engine/events.ts';
import { openPrograms } from '../engine/programs.ts';
import { machineSettingsHandlers } from '../engine/settingsHandlers.ts';
import { toolSummaries } from '../engine/toolSummaries.ts';
import { machineSettingsIn } from '../files/machineSettings.ts';
import type { PrintPdf } from '../release/printPdf.ts';
import { studyFileName } from '../store/openStore.ts';
import type { ProgramTool } from '../tools/programTool.ts';
import type { BuiltInTool } from '../tools/tool.ts';
import { openPool, type Pool } from '../workers/pool.ts';
import { browseFolder, insideRoots } from './browseFolders.ts';
import { displayBytes } from './displayBytes.ts';

import { eventsFor } from './eventsFor.ts';
import { readHelpPages } from './helpPages.ts';
import { placesIn } from './placesOfCalls.ts';
import { recentStudies } from './recentStudies.ts';
import { markStudy } from './studyMark.ts';
import { writeSample } from './sampleStudy.ts';

/** What only a desktop has; the browser uses its own list of folders. */
export interface Native {
  readonly pickFolder: (title: string) => Promise<string | null>;
  /** Marks a file or folder in the system's file manager, without opening it. */
  readonly reveal: (path: string) => void;
  readonly printPdf: PrintPdf;
}

export interface WorkspaceOptions {
  readonly tools: readonly (BuiltInTool | ProgramTool)[];
  /** Worker threads a study uses. */
  readonly workers: number;
  readonly clock: Clock;
  readonly software: string;
  /** Where this machine's own small files lie: settings, recent studies. */
  readonly stateFolder: string;
  /** Folders the browser may look into. The desktop's own dialogs go wherever the person may. */
  readonly roots: readonly string[];
  readonly helpFolder: string;
  /** Where the sample study is made when it is asked for. */
  readonly sampleFolder: string;
  readonly native?: Native | undefined;
}

/** Threads that make what is looked at: the heads of one scan are drawn side by side. */
const displayThreads = 2;

interface OpenedStudy extends OpenStudy {
  readonly engine: OpenEngine;
  readonly pool: Pool;
  readonly pictures: ReturnType<typeof displayBytes>;
  readonly stop: AbortController;
}

/** One window's work: which study is open, its calls and those of the window, events and pictures, for every host. */
export function createWorkspace(options: WorkspaceOptions) {
  const { clock, software, stateFolder, roots } = options;
  const machineSettings = machineSettingsIn(join(stateFolder, 'settings.json'));
  const recent = recentStudies(join(stateFolder, 'recent.json'));
  const hub = createEvents<HostEvent>();
  const displayEntry = import.meta.url.endsWith('.ts') ? '../workers/displayWorker.ts' : './displayWorker.js';
  const openDisplay = (size: number): Pool =>
    openPool({ size, entry: new URL(displayEntry, import.meta.url) });
  const displayPools = { pool: openDisplay(displayThreads), slowPool: openDisplay(1) };
  let study: OpenedStudy | null = null;

  async function closeStudy(): Promise<void> {
    const closing = study;
    study = null;
    if (closing === null) return;
    closing.stop.abort();
    await closing.engine.close();
    await closing.pool.close();
  }

  async function openStudy(folder: string): Promise<OpenStudy> {
    if (study?.folder === folder) return { folder, name: basename(folder) };
    await closeStudy();
    const pool = openPool({ size: options.workers });
    try {
      const engine = await createEngine({
        studyFolder: folder,
        tools: options.tools,
        workers: pool,
        machineSettings,
        clock,
        software,
        ...(options.native && { printPdf: options.native.printPdf }),
      });
      const stop = new AbortController();
      const pictures = displayBytes(
        { folder, ...engine.rows, viewsOf: (scan, tool) => viewsFolder(scan.name, tool ?? 'original') },
        displayPools,
      );
      study = { folder, name: basename(folder), engine, pool, pictures, stop };
      void forward(engine, pictures, stop.signal);
      await markStudy(folder);
      await recent.add(folder, clock.now());
      hub.send({ kind: 'study-changed' });
      return { folder, name: basename(folder) };
    } catch (error) {
      await pool.close();
      throw error;
    }
  }

  async function forward(
    engine: OpenEngine,
    pictures: OpenedStudy['pictures'],
    signal: AbortSignal,
  ): Promise<void> {
    for await (const event of engine.events(signal)) {
      if (event.kind === 'job-ended') pictures.clear();
      hub.send(event);
    }
  }

  /** The folder as it really lies. A browser reaches only what lies below the roots. */
  const allowed = async (folder: string): Promise<string> =>
    options.native === undefined ? insideRoots(folder, roots) : resolve(folder);

  /** The refusal of a call that names a place out of reach; null where it may go on to be checked and made. */
  async function refusedPlace(name: string, input: unknown): Promise<ApiAnswer | null> {
    try {
      for (const place of placesIn(name, input)) await allowed(place);
      return null;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { ok: false, error: { code: error.code, message: error.message, facts: {} } };
    }
  }

  function native(): Native {
    if (options.native === undefined)
      throw new AppError('not-native', 'Only the desktop window has this. Use the list of folders here.');
    return options.native;
  }

  const handlers: HandlersOf<typeof workspaceContract> = {
    ...machineSettingsHandlers(machineSettings, options.tools),
    'workspace.state': () => ({
      software,
      workers: options.workers,
      roots,
      native: options.native !== undefined,
      study: study === null ? null : { folder: study.folder, name: study.name },
      recent: recent.list(),
    }),
    'workspace.openStudy': async ({ folder }) => {
      const path = await allowed(folder);
      if (!existsSync(join(path, studyFileName))) {
        throw new AppError('study-missing', 'There is no study in this folder: it has no file study.sqlite.');
      }
      return openStudy(path);
    },
    'workspace.createStudy': async ({ folder }) => {
      const path = await allowed(folder);
      if (existsSync(join(path, studyFileName))) {
        throw new AppError(
          'study-exists',
          'There is a study in this folder already. Open it, or choose another folder.',
        );
      }
      return openStudy(path);
    },
    'workspace.closeStudy': async () => {
      await closeStudy();
      hub.send({ kind: 'study-changed' });
      return null;
    },
    'workspace.forgetStudy': async ({ folder }) => {
      await recent.forget(folder);
      return null;
    },
    'workspace.rememberStudy': async ({ folder, at }) => {
      await recent.add(folder, at);
      return null;
    },
    'workspace.tools': () =>
      toolSummaries(options.tools, openPrograms(process.env, machineSettings.read), machineSettings.read()),
    'workspace.pickFolder': async ({ title }) => ({ folder: await native().pickFolder(title) }),
    'workspace.reveal': async ({ path }) => {
      const desktop = native();
      const place = await allowed(path);
      if (!existsSync(place))
        throw new AppError('folder-missing', 'This is no longer where it was: it was moved or deleted.');
      desktop.reveal(place);
      return null;
    },
    'workspace.makeSample': async () => {
      const pool = openPool({ size: options.workers });
      try {
        const { study: folder, input } = await writeSample(options.sampleFolder, pool, {
          report: (done, total) =>
            hub.send({ kind: 'progress', progress: { jobId: 0, phase: 'sample', done, total, message: '' } }),
        });
        await openStudy(folder);
        return { folder, input };
      } finally {
        await pool.close();
      }
    },
    'workspace.restoreBackup': async ({ name }, { person }) => {
      if (study === null) throw new AppError('no-study', 'No study is open. Open one or make a new one.');
      const { folder } = study;
      const copy = (await listBackups(folder)).find((each) => each.name === name);
      if (copy === undefined) throw new AppError('backup-missing', 'There is no such copy of this study.');
      await closeStudy();
      try {
        return await restoreBackup(folder, copy.path, { at: clock.now(), accountId: person?.id ?? null });
      } finally {
        await openStudy(folder);
      }
    },
    // Folders of a study are named after its scans and tools.
    'workspace.browse': ({ folder }, { blind }) =>
      browseFolder(folder, roots, { closed: blind ? (study?.folder ?? null) : null }),
    'help.pages': () => readHelpPages(options.helpFolder),
  };
  // A study with accounts that is open decides who may; without one there is nobody to ask.
  const admit: Admit = (who, session, name) =>
    study?.engine.admit(who, session, name) ?? { person: null, blind: false, session };
  const own = createDispatch(workspaceContract, handlers, {
    admit,
    unexpected: (name, error) => {
      process.stderr.write(`unexpected in ${name}: ${error instanceof Error ? (error.stack ?? '') : ''}\n`);
    },
  });

  return {
    dispatch: async (name: string, input: unknown, session: string | null = null): Promise<ApiAnswer> => {
      if (Object.hasOwn(workspaceContract, name)) return own(name, input, session);
      if (study !== null) {
        const outside = await refusedPlace(name, input);
        return outside ?? study.engine.dispatch(name, input, session);
      }
      return {
        ok: false,
        error: { code: 'no-study', message: 'No study is open. Open one or make a new one.', facts: {} },
      };
    },
    events: (signal: AbortSignal, session: string | null = null): AsyncIterable<HostEvent> =>
      eventsFor(hub.listen(signal), () => admit('anyone', session, 'events')),
    /** For menus of the desktop. */
    send: hub.send,
    bytes: async (name: string, session: string | null = null, signal?: AbortSignal) => {
      const known = study?.engine.bytesName(name, session) ?? null;
      return study === null || known === null ? null : study.pictures.get(known, signal);
    },
    openStudy,
    close: async (): Promise<void> => {
      await closeStudy();
      await Promise.all([displayPools.pool.close(), displayPools.slowPool.close()]);
    },
  };
}

export type Workspace = ReturnType<typeof createWorkspace>;
