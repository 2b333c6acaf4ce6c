import type { ApiError } from '../../src-shared/api/answer.ts';
import { AppError } from '../../src-shared/api/appError.ts';
import type { DefacingRow, StudySummary, SuspectedScan, ToolSummary } from '../../src-shared/api/contract.ts';
import type { WorkspaceState } from '../../src-shared/api/workspaceContract.ts';
import type { Job, JobProgress, Scan } from '../../src-shared/domain/study.ts';
import { api, events } from '../client/httpApi.ts';
import { session } from './Session.svelte.ts';

/** What every screen shares: the study that is open, what is in it, and the work going on. */
export class Workstation {
  workspace = $state.raw<WorkspaceState | null>(null);
  summary = $state.raw<StudySummary | null>(null);
  scans = $state.raw<readonly Scan[]>([]);
  defacings = $state.raw<readonly DefacingRow[]>([]);
  tools = $state.raw<readonly ToolSummary[]>([]);
  suspected = $state.raw<readonly SuspectedScan[]>([]);
  jobs = $state.raw<readonly Job[]>([]);
  /** Of the run, the import or the sample; a look around beside it has its own. */
  progress = $state.raw<JobProgress | null>(null);
  looking = $state.raw<JobProgress | null>(null);
  /** Of an evaluation in the lab, which may run beside the others. */
  learning = $state.raw<JobProgress | null>(null);
  /** When the running job was first seen, to tell the time that remains. */
  progressSince = $state.raw<{ jobId: number; done: number; at: number } | null>(null);
  error = $state.raw<ApiError | null>(null);
  lost = $state(false);
  /** The host no longer takes this browser for its own: nothing may stay on the screen. */
  shut = $state(false);
  /** A screen wants all the room there is: the rail of screens gives way. */
  wholeWindow = $state(false);
  /** What the desktop's menu asks for, set by whoever can go there. */
  onMenu: (command: string) => void = () => undefined;

  scansById = $derived(new Map(this.scans.map((scan) => [scan.id, scan])));
  defacingsByCell = $derived(
    new Map(this.defacings.map((defacing) => [`${defacing.scanId} ${defacing.tool}`, defacing])),
  );
  running = $derived(this.jobs.find(({ kind, state }) => kind === 'main' && state === 'running') ?? null);

  /** Loads everything and follows the host's events until the signal. */
  async follow(signal: AbortSignal): Promise<void> {
    await this.reload();
    while (!signal.aborted) {
      try {
        this.lost = false;
        for await (const event of events(signal)) {
          if (event.kind === 'progress') this.#show(event.progress);
          else if (event.kind === 'menu') this.onMenu(event.command);
          else {
            if (event.kind === 'job-ended') this.#ended(event.job.id);
            await this.reload();
          }
        }
      } catch {
        // The connection broke or was never there: said on the screen, and tried again.
      }
      if (this.#stopped(signal)) return;
      this.lost = true;
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await this.reload();
    }
  }

  async reload(): Promise<void> {
    await this.attempt(async () => {
      const workspace = await api['workspace.state']({});
      if (workspace.study === null) session.forget();
      else await session.refresh();
      this.workspace = workspace;
      if (workspace.study === null || session.gated || !session.sees) {
        this.summary = null;
        this.scans = [];
        this.defacings = [];
        this.suspected = [];
        this.jobs = [];
        this.suspected = [];
        this.tools = await api['workspace.tools']({});
        return;
      }
      [this.summary, this.scans, this.defacings, this.tools, this.jobs, this.suspected] = await Promise.all([
        api['study.summary']({}),
        api['scans.list']({}),
        api['defacings.list']({}),
        api['tools.list']({}),
        api['jobs.list']({}),
        api['scans.suspected']({}),
      ]);
    });
  }

  /** Takes in defacings that came while a run goes on. */
  takeDefacings(rows: readonly DefacingRow[]): void {
    if (rows.length === 0) return;
    const fresh = new Set(rows.map(({ id }) => id));
    this.defacings = [...this.defacings.filter(({ id }) => !fresh.has(id)), ...rows];
  }

  /** Runs an action of the person; what goes wrong stands on the screen until it is dismissed or something works. */
  async attempt<Value>(action: () => Promise<Value>): Promise<Value | null> {
    try {
      const value = await action();
      this.error = null;
      return value;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (['locked', 'no-session'].includes(error.code)) {
        this.shut = true;
        return null;
      }
      if (['session-locked', 'sign-in-needed'].includes(error.code)) {
        await session.refresh(); // what is on the screen gives way to the sign-in
        return null;
      }
      this.error = { code: error.code, message: error.message, facts: error.facts };
      if (error.code === 'host-gone') this.lost = true;
      return null;
    }
  }

  #stopped(signal: AbortSignal): boolean {
    return signal.aborted;
  }

  #show(progress: JobProgress): void {
    if (progress.phase === 'look' || progress.phase === 'suspects') {
      this.looking = progress;
      return;
    }
    if (progress.phase === 'lab') {
      this.learning = progress;
      return;
    }
    const before = this.progress;
    this.progress = progress;
    if (
      this.progressSince?.jobId !== progress.jobId ||
      before?.phase !== progress.phase ||
      this.progressSince.done > progress.done
    ) {
      this.progressSince = { jobId: progress.jobId, done: progress.done, at: performance.now() };
    }
    // A job begins, or is at something else: what was imported is worked on now.
    if (this.running?.id !== progress.jobId || (before !== null && before.phase !== progress.phase))
      void this.reload();
  }

  #ended(jobId: number): void {
    if (this.looking?.jobId === jobId) this.looking = null;
    if (this.learning?.jobId === jobId) this.learning = null;
    if (this.progress?.jobId === jobId) this.progress = null;
  }
}

export const workstation = new Workstation();
