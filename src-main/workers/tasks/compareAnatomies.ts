import type { AnatomyFingerprint } from '../../../src-shared/suspects/anatomyFingerprint.ts';
import { nearDuplicates } from '../../../src-shared/suspects/nearDuplicates.ts';
import type { Suspicion } from '../../../src-shared/suspects/suspicion.ts';

export interface CompareAnatomiesData {
  readonly scans: readonly { readonly of: string; readonly fingerprint: AnatomyFingerprint }[];
}

export interface AlikePair {
  readonly first: string;
  readonly second: string;
  readonly suspicion: Suspicion;
}

/** Pairs of scans that show the same anatomy: of n scans n squared comparisons of 24 000 numbers, about 0.05 ms each. */
export const compareAnatomies = ({ scans }: CompareAnatomiesData): Promise<AlikePair[]> =>
  Promise.resolve(
    nearDuplicates(scans).map(({ first, second, suspicion }) => ({ first, second, suspicion })),
  );
