import type { SuspectContext } from './suspectContext.ts';
import type { Suspicion, SuspicionKind } from './suspicion.ts';

/** One reason to look twice, as a value in the list of `findSuspicions`. `find` gives null where there is nothing to say. */
export interface SuspicionCheck {
  readonly kind: SuspicionKind;
  readonly find: (context: SuspectContext) => Omit<Suspicion, 'kind'> | null;
}
