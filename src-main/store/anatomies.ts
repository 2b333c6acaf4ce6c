import type { AnatomyFingerprint } from '../../src-shared/suspects/anatomyFingerprint.ts';
import type { Suspicion } from '../../src-shared/suspects/suspicion.ts';
import type { Store } from './openStore.ts';

export interface ScanAnatomy {
  readonly of: string;
  readonly person: string;
  readonly fingerprint: AnatomyFingerprint;
}

/** Short descriptions of what scans show, and pairs of them that look alike. */
export function anatomiesOf({ db, atOnce }: Store) {
  const put = db.prepare('INSERT OR REPLACE INTO fingerprint (scan_id, space, steps) VALUES (?, ?, ?)');
  const all = db.prepare<[], { of: string; person: string; space: 'template' | 'middle'; steps: Buffer }>(
    `SELECT fingerprint.scan_id AS "of", scan.person_id AS person, space, steps FROM fingerprint
     JOIN scan ON scan.id = fingerprint.scan_id WHERE scan.state = 'ok' ORDER BY scan.name`,
  );
  const clear = db.prepare('DELETE FROM near_duplicate');
  const pair = db.prepare('INSERT INTO near_duplicate (scan_id, other_id, suspicion) VALUES (?, ?, ?)');
  const pairs = db.prepare<[], { scan_id: string; other_id: string; suspicion: string }>(
    'SELECT scan_id, other_id, suspicion FROM near_duplicate ORDER BY scan_id, other_id',
  );
  return {
    save: (scanId: string, { space, steps }: AnatomyFingerprint): void =>
      void put.run(scanId, space, Buffer.from(steps.buffer, steps.byteOffset, steps.byteLength)),
    /** Of scans that are taken up. */
    list: (): ScanAnatomy[] =>
      all.all().map(({ of, person, space, steps }) => ({
        of,
        person,
        fingerprint: {
          space,
          steps: Int8Array.from(new Int8Array(steps.buffer, steps.byteOffset, steps.length)),
        },
      })),
    /** Replaces all pairs; each is told of both its scans. */
    savePairs: (
      found: readonly {
        readonly first: string;
        readonly second: string;
        readonly suspicion: Suspicion;
      }[],
    ): void =>
      atOnce(() => {
        clear.run();
        for (const { first, second, suspicion } of found) {
          const text = JSON.stringify(suspicion);
          pair.run(first, second, text);
          pair.run(second, first, text);
        }
      }),
    /** By scan: each reason names the other scan. */
    suspicions: (): Map<string, Suspicion[]> => {
      const found = new Map<string, Suspicion[]>();
      for (const { scan_id, other_id, suspicion } of pairs.all()) {
        const told = { ...(JSON.parse(suspicion) as Suspicion), otherScanId: other_id };
        found.set(scan_id, [...(found.get(scan_id) ?? []), told]);
      }
      return found;
    },
  };
}
