import { join } from 'node:path';
import type { Defacing, Prepared, Scan } from '../../src-shared/domain/study.ts';
import { viewNames } from '../../src-shared/views/viewNames.ts';
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
 * `removed/<defacing>`, `surface/scan/<id>`, `surface/defacing/<id>`, `depth/<defacing>`, `face/<defacing>`. Worked out in a
 * thread of their own, so that a batch that keeps every core busy does not keep a person waiting; kept until others need the room.
 */
export function displayBytes(source: DisplaySource, pool: Pool) {
  const cache = new Map<string, Promise<NamedBytes | null>>();
  const sizes = new Map<string, number>();

  async function make(name: string): Promise<NamedBytes | null> {
    const [kind, ...parts] = name.split('/');
    if (kind === 'view') return view(parts);
    if (kind === 'picture') return picture(parts.join('/'));
    const run = async (task: string, data: unknown): Promise<NamedBytes> => ({
      ...((await pool.run(task, data)) as DisplayBytes),
      type: 'application/octet-stream',
    });
    const below = (path: string): string => join(source.folder, path);
    if (kind === 'volume' || kind === 'brain') {
      const scan = source.scan(parts[0]);
      if (scan === null) return null;
      if (kind === 'volume') return run('volume', { path: scan.path });
      const brain = source.prepared(scan.id)?.brain.path ?? null;
      return brain === null ? null : run('mask', { path: below(brain) });
    }
    const isScan = kind === 'surface' && parts[0] === 'scan';
    const defacing = isScan ? null : source.defacing(parts[kind === 'surface' ? 1 : 0]);
    const scan = source.scan(isScan ? parts[1] : (defacing?.scanId ?? ''));
    if (scan === null) return null;
    if (kind === 'removed')
      return defacing?.maskPath == null ? null : run('mask', { path: below(defacing.maskPath) });
    const prepared = source.prepared(scan.id);
    if (prepared === null) return null;
    const { frame, registration } = prepared;
    const skin = { level: frame.level, darkest: frame.darkest };
    if (isScan) return run('surface', { path: scan.path, skin });
    if (defacing?.path == null) return null;
    if (kind === 'surface') return run('surface', { path: below(defacing.path), skin });
    const both = { original: scan.path, defaced: below(defacing.path), skin };
    if (kind === 'face') return run('face', { ...both, registration });
    return kind === 'depth' ? run('depth', both) : null;
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
    const path = join(source.folder, below);
    const bytes = await readBytes(path).catch(() => null);
    return bytes === null ? null : { bytes: Uint8Array.from(bytes), facts: {}, type: 'image/png' };
  }

  return {
    async get(name: string): Promise<NamedBytes | null> {
      if (name.startsWith('view/') || name.startsWith('picture/')) return make(name);
      const known = cache.get(name);
      if (known !== undefined) {
        cache.delete(name);
        cache.set(name, known); // the last used is dropped last
        return known;
      }
      const made = make(name);
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
        cache.delete(name);
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
