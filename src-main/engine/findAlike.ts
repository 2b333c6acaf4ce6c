import type { SuspectedScan } from '../../src-shared/api/contract.ts';
import { canonicalJson } from '../../src-shared/domain/provenance.ts';
import { sha256 } from '../files/hash.ts';
import { noteOf } from '../store/notes.ts';
import type { AlikePair, CompareAnatomiesData } from '../workers/tasks/compareAnatomies.ts';
import type { Engine } from './engine.ts';

/**
 * Compares all scans that were taken up with each other, in a worker, unless none has changed since. Two scans that may
 * be of one person are no news where the study knows them to be.
 */
export async function findAlike(engine: Engine, signal: AbortSignal): Promise<void> {
  const { anatomies, pool } = engine;
  const compared = noteOf(engine.store, 'anatomies-compared');
  const scans = anatomies.list();
  const key = sha256(
    Buffer.from(
      canonicalJson(
        scans.map(({ of, person, fingerprint }) => [of, person, sha256(Buffer.from(fingerprint.steps))]),
      ),
    ),
  );
  if (compared.read() === key) return;
  const data: CompareAnatomiesData = { scans: scans.map(({ of, fingerprint }) => ({ of, fingerprint })) };
  const pairs = (await pool.run('compareAnatomies', data, { signal })) as AlikePair[];
  const personOf = new Map(scans.map(({ of, person }) => [of, person]));
  anatomies.savePairs(
    pairs.filter(
      ({ first, second, suspicion }) =>
        suspicion.strength === 'likely' || personOf.get(first) !== personOf.get(second),
    ),
  );
  compared.write(key);
}

/** Scans with a reason to look twice: of themselves, and because another one looks alike. */
export function suspectedScans({
  derived,
  anatomies,
}: Pick<Engine, 'derived' | 'anatomies'>): SuspectedScan[] {
  const alike = anatomies.suspicions();
  const own = new Map(derived.suspected().map(({ scanId, suspicions }) => [scanId, suspicions]));
  return [...new Set([...own.keys(), ...alike.keys()])].toSorted().map((scanId) => ({
    scanId,
    suspicions: [...(own.get(scanId) ?? []), ...(alike.get(scanId) ?? [])],
  }));
}
