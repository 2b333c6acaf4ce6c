import { spawn } from 'node:child_process';
import { BoundedLog } from './boundedLog.ts';
import { ProcessGroup } from './processGroup.ts';
import type { Command } from './programTool.ts';

export interface ProgramRun {
  readonly command: Command;
  readonly folder: string;
  readonly logPath: string;
  readonly logLimitBytes?: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: (line: string) => void;
}

export interface ProgramEnd {
  readonly ended: 'exited' | 'killed' | 'timed-out' | 'cancelled' | 'not-found';
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
  readonly durationMs: number;
  /** Of all its processes together, as seen ten times a second. null where this cannot be seen. */
  readonly peakMemoryMb: number | null;
  /** The last 64 kB of what it printed. */
  readonly lastOutput: string;
}

/** From asking to forcing. */
const graceMs = 1000;
/** A grandchild may hold the pipe after the program has ended: that long is waited for it. */
const pipeMs = 2000;

/**
 * Starts a program without a shell in a group of its own and waits until it and its pipes are closed, or 2 s after its
 * exit. Time, cancel and a kept pipe all end every process it started: asked first, forced a second later. Never throws
 * for what the program does.
 */
export async function runProgram({
  command,
  folder,
  logPath,
  logLimitBytes = 5_000_000,
  timeoutMs,
  signal,
  onLine,
}: ProgramRun): Promise<ProgramEnd> {
  const log = new BoundedLog(logPath, logLimitBytes);
  const started = performance.now();
  let lastOutput = '';
  let pending = '';
  const state: { why: 'timed-out' | 'cancelled' | null } = { why: null };
  const base = { durationMs: 0, exitCode: null, exitSignal: null, peakMemoryMb: null, lastOutput: '' };
  if (signal?.aborted === true) {
    log.close();
    return { ...base, ended: 'cancelled' };
  }
  const child = spawn(command.file, command.args, {
    cwd: folder,
    env: definedOf(command.env),
    detached: process.platform !== 'win32',
    shell: false,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const take = (chunk: Buffer): void => {
    log.write(chunk);
    const text = chunk.toString('utf8');
    lastOutput = (lastOutput + text).slice(-65_536);
    if (onLine === undefined) return;
    const lines = (pending + text).split(/[\r\n]+/);
    pending = (lines.pop() ?? '').slice(-4096);
    for (const line of lines) onLine(line);
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);

  const group = new ProcessGroup(child.pid ?? 0);
  let polling = Promise.resolve();
  const poll = (): void => void (polling = polling.then(() => group.poll()).catch(() => undefined));
  const poller = child.pid === undefined ? undefined : setInterval(poll, 100);
  if (child.pid !== undefined) poll();
  let forcing: Promise<void> | null = null;
  const end = (): Promise<void> =>
    (forcing ??= (async () => {
      await group.signal('SIGTERM');
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, graceMs))]);
      await group.signal('SIGKILL');
    })());
  const stop = (reason: 'timed-out' | 'cancelled') => (): void => {
    state.why ??= reason;
    if (child.pid !== undefined) void end();
  };
  const cancel = stop('cancelled');
  const timer = setTimeout(stop('timed-out'), timeoutMs);

  const exit = Promise.withResolvers<{ code: number | null; by: string | null; found: boolean }>();
  const closedAll = Promise.withResolvers<undefined>();
  const closed = closedAll.promise;
  child.once('error', () => {
    exit.resolve({ code: null, by: null, found: false });
    closedAll.resolve(undefined);
  });
  child.once('exit', (code, by) => exit.resolve({ code, by, found: true }));
  child.once('close', () => closedAll.resolve(undefined));
  signal?.addEventListener('abort', cancel, { once: true });

  const { code, by, found } = await exit.promise;
  clearTimeout(timer);
  signal?.removeEventListener('abort', cancel);
  const inTime = await Promise.race([
    closed.then(() => true),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), pipeMs).unref()),
  ]);
  if (!inTime || state.why !== null) await end();
  clearInterval(poller);
  await polling;
  // What still runs of its group after its end would change files behind our back.
  if (found) await group.signal('SIGKILL');
  child.stdout.destroy();
  child.stderr.destroy();
  log.close();
  if (pending !== '') onLine?.(pending);
  return {
    ended: !found ? 'not-found' : (state.why ?? (by !== null || code === 137 ? 'killed' : 'exited')),
    exitCode: code,
    exitSignal: by,
    durationMs: performance.now() - started,
    peakMemoryMb: group.peakKb > 0 ? group.peakKb / 1024 : null,
    lastOutput,
  };
}

function definedOf(env: Command['env']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}
