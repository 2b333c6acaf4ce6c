import { alreadyDefaced } from './alreadyDefaced.ts';
import { brainExtracted } from './brainExtracted.ts';
import type { SuspicionCheck } from './check.ts';
import { defacingClaimed } from './defacingClaimed.ts';
import { incompleteHead } from './incompleteHead.ts';
import { notAHead } from './notAHead.ts';
import { suspectContext } from './suspectContext.ts';
import type { SuspectInput, Suspicion } from './suspicion.ts';
import { wrongWayRound } from './wrongWayRound.ts';

/** Every check of one original, in the order in which a person would ask. Adding one is adding a file and a line here. */
export const suspicionChecks: readonly SuspicionCheck[] = [
  notAHead,
  wrongWayRound,
  brainExtracted,
  alreadyDefaced,
  incompleteHead,
  defacingClaimed,
];

/**
 * Reasons to look twice at an original before it is used; none where nothing was found. Suggestions only: nothing is left
 * out because of them. Takes about half a second for a head of 1 mm, a few seconds where the registration failed and
 * the image is turned over on trial. Copies of one scan are found by `nearDuplicates`.
 */
export function findSuspicions(input: SuspectInput): Suspicion[] {
  const context = suspectContext(input);
  return suspicionChecks.flatMap(({ kind, find }) => {
    const found = find(context);
    return found === null ? [] : [{ kind, ...found }];
  });
}
