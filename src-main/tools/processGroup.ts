import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface GroupProcess {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly residentKb: number;
}

/** All processes of the machine: from /proc on Linux, from `ps` elsewhere; empty on Windows. */
async function processes(): Promise<readonly GroupProcess[]> {
  if (process.platform === 'win32') return [];
  if (process.platform !== 'linux') {
    const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,pgid=,rss=']);
    return stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number))
      .map(([pid, parent, group, residentKb]) => ({ pid, parent, group, residentKb }));
  }
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    ids.map(async (id) => {
      try {
        const text = await readFile(`/proc/${id}/stat`, 'latin1');
        const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
        return {
          pid: Number(id),
          parent: Number(fields[1]),
          group: Number(fields[2]),
          residentKb: Number(fields[21]) * 4,
        };
      } catch {
        return null; // ended meanwhile
      }
    }),
  );
  return found.filter((p) => p !== null);
}

/**
 * Remembers every process a program started, so that one that left the group (setsid) is ended with it: descendants are
 * followed while their parents live. `poll` often enough to see them; a process that leaves its group and whose parent dies
 * between two polls is not seen.
 */
export class ProcessGroup {
  readonly #leader: number;
  #members = new Map<number, number>();
  peakKb = 0;

  constructor(leader: number) {
    this.#leader = leader;
  }

  async poll(): Promise<void> {
    const all = await processes();
    const mine = new Set<number>([this.#leader]);
    for (const p of all)
      if (p.group === this.#leader || this.#members.get(p.pid) === p.group) mine.add(p.pid);
    for (let grew = true; grew;) {
      grew = false;
      for (const p of all) {
        if (mine.has(p.parent) && !mine.has(p.pid)) {
          mine.add(p.pid);
          grew = true;
        }
      }
    }
    const members = all.filter((p) => mine.has(p.pid));
    this.#members = new Map(members.map((p) => [p.pid, p.group]));
    this.peakKb = Math.max(
      this.peakKb,
      members.reduce((sum, p) => sum + p.residentKb, 0),
    );
  }

  /** Asks (SIGTERM) or forces (SIGKILL) the group and all that left it to end. Windows: `taskkill /T /F`. */
  async signal(name: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.#leader <= 0) return; // 0 would mean our own group
    if (process.platform === 'win32') {
      await run('taskkill', ['/pid', String(this.#leader), '/T', '/F']).catch(() => undefined);
      return;
    }
    await this.poll().catch(() => undefined);
    send(-this.#leader, name);
    for (const [pid, group] of this.#members) if (group !== this.#leader) send(pid, name);
  }
}

function send(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // Already ended.
  }
}
