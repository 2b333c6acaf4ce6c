import type { Defacing, Prepared, Scan } from '../../src-shared/domain/study.ts';
import { viewNames } from '../../src-shared/views/viewNames.ts';
import { insideOf } from '../files/insideOf.ts';
import { readBytes } from '../files/readBytes.ts';
import type { DisplayBytes } from '../workers/displayWorker.ts';
import type { Pool } from '../workers/pool.ts';

/** What of a study the screens may look at, by id; paths never come from a request. */
export interface DisplaySource {
  readonly folder: string;
  readonly scan: (id: string) => Scan | null;
  readonly prepared: (scanId: string) => Prepared | null;
  readonly defacing: (id: string) => Defacing | null;
  /** Folder of views of a scan (tool null) or of a defacing, below the study folder. */
  readonly viewsOf: (scan: Scan, tool: string | null) => string;
}

export interface NamedBytes extends DisplayBytes {
  readonly type: string;
}

const mostCachedBytes = 768 * 2 ** 20;

/**
 * Bytes for the screens by name: `view/scan/<id>/<view>`, `view/defacing/<id>/<view>`, `volume/<scan>`, `brain/<scan>`,
 * `removed/<defacing>`, `surface/scan/<id>`, `surface/defacing/<id>`, `face/<defacing>`. Worked out in threads of their
 * own, so that a batch that keeps every core busy does not keep a person waiting; kept until others need the room. What
 * became of a face takes long, and has a thread of its own so that no surface waits for it.
 */
export function displayBytes(source: DisplaySource, { pool, slowPool }: { pool: Pool; slowPool: Pool }) {
  const cache = new Map<string, Promise<NamedBytes | null>>();
  const sizes = new Map<string, number>();

  async function make(name: string, signal: AbortSignal | undefined): Promise<NamedBytes | null> {
    const [kind, ...parts] = name.split('/');
    if (kind === 'view') return view(parts);
    if (kind === 'picture') return picture(parts.join('/'));
    const run = async (task: string, data: unknown): Promise<NamedBytes> => ({
      ...((await (task === 'face' ? slowPool : pool).run(task, data, {
        signal,
        letFinish: true,
      })) as DisplayBytes),
      type: 'application/octet-stream',
    });
    if (kind === 'volume' || kind === 'brain') {
      const scan = source.scan(parts[0]);
      if (scan === null) return null;
      if (kind === 'volume') return run('volume', { path: scan.path });
      const brain = source.prepared(scan.id)?.brain.path ?? null;
      return brain === null ? null : ofOwn(brain, (path) => run('mask', { path }));
    }
    if (kind === 'removed') {
      const path = source.defacing(parts[0])?.maskPath ?? null;
      return path === null ? null : ofOwn(path, (own) => run('mask', { path: own }));
    }
    if (kind !== 'surface' && kind !== 'face') return null;
    const isScan = kind === 'surface' && parts[0] === 'scan';
    const defacing = isScan ? null : source.defacing(parts[kind === 'surface' ? 1 : 0]);
    const scan = source.scan(isScan ? parts[1] : (defacing?.scanId ?? ''));
    const prepared = scan === null ? null : source.prepared(scan.id);
    if (scan === null || prepared === null) return null;
    const { frame, registration } = prepared;
    const skin = { level: frame.level, darkest: frame.darkest };
    if (isScan) return run('surface', { path: scan.path, skin, distances: false });
    if (defacing?.path == null) return null;
    return ofOwn(defacing.path, (path) =>
      kind === 'surface'
        ? run('surface', { path, skin, distances: true })
        : run('face', { original: scan.path, defaced: path, skin, registration }),
    );
  }

  /** With the real path of a file of the study; null where a link leads out of its folder. */
  async function ofOwn<Value>(below: string, use: (path: string) => Promise<Value>): Promise<Value | null> {
    const path = await insideOf(source.folder, below);
    return path === null ? null : use(path);
  }

  async function view([of, id, name]: readonly string[]): Promise<NamedBytes | null> {
    const defacing = of === 'defacing' ? source.defacing(id) : null;
    const scan = source.scan(of === 'scan' ? id : (defacing?.scanId ?? ''));
    const known = viewNames.find((candidate) => candidate === name);
    if (scan === null || known === undefined) return null;
    return picture(`${source.viewsOf(scan, defacing?.tool ?? null)}/${known}.png`);
  }

  /** A picture below the study folder; `picture/<path>` is a name that only the engine gives, never a request. */
  async function picture(below: string): Promise<NamedBytes | null> {
    const bytes = await ofOwn(below, readBytes).catch(() => null);
    return bytes === null ? null : { bytes: Uint8Array.from(bytes), facts: {}, type: 'image/png' };
  }

  return {
    /** The signal takes it out of the line, where it still waits there. */
    async get(name: string, signal?: AbortSignal): Promise<NamedBytes | null> {
      if (name.startsWith('view/') || name.startsWith('picture/')) return make(name, signal);
      const known = cache.get(name);
      if (known !== undefined) {
        cache.delete(name);
        cache.set(name, known); // the last used is dropped last
        return known.catch((error: unknown) => {
          // Whoever asked for it first went away; this one still waits.
          if (isAbort(error) && signal?.aborted !== true) return this.get(name, signal);
          throw error;
        });
      }
      const made = make(name, signal);
      cache.set(name, made);
      try {
        const found = await made;
        if (found === null) cache.delete(name);
        else sizes.set(name, found.bytes.length);
        let total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
        for (const oldest of [...cache.keys()]) {
          if (total <= mostCachedBytes || oldest === name) break;
          total -= sizes.get(oldest) ?? 0;
          sizes.delete(oldest);
          cache.delete(oldest);
        }
        return found;
      } catch (error) {
        if (cache.get(name) === made) cache.delete(name);
        throw error;
      }
    },
    /** Forgets everything: results on disk have changed. */
    clear(): void {
      cache.clear();
      sizes.clear();
    },
  };
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';
