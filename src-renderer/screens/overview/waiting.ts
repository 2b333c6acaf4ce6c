import { overviewWords as text } from '../../words/overview.ts';
import type { RoundSummary } from '../../../src-shared/api/roundCalls.ts';

export interface Waiting {
  readonly text: string;
  /** The screen where it is done. */
  readonly href: string;
}

/** What is to be done next in a study, and by whom, in the order of the work. */
export function waiting({
  scansUnworked,
  unmeasured,
  measured,
  suspected,
  rounds,
}: {
  readonly scansUnworked: number;
  readonly unmeasured: number;
  readonly measured: number;
  readonly suspected: number;
  readonly rounds: readonly RoundSummary[];
}): Waiting[] {
  const open = rounds.filter(({ state }) => state === 'open');
  return [
    ...(suspected > 0 ? [{ text: text.waitsLook({ n: suspected }), href: '#/scans' }] : []),
    ...(scansUnworked > 0 ? [{ text: text.waitsBatch({ n: scansUnworked }), href: '#/batch' }] : []),
    ...(unmeasured > 0 ? [{ text: text.waitsMeasure({ n: unmeasured }), href: '#/batch' }] : []),
    ...(measured > 0 && rounds.length === 0
      ? [{ text: text.waitsRound({ n: measured }), href: '#/help/start' }]
      : []),
    ...open.flatMap((round) => ofRound(round)),
  ];
}

function ofRound({ name, overview, mine }: RoundSummary): Waiting[] {
  const raters = overview?.raters ?? (mine === null ? [] : [mine]);
  const third = overview?.waitingForThird ?? 0;
  const consensus = overview?.waitingForConsensus ?? 0;
  return [
    ...raters
      .filter(({ part, done, total }) => part === 'primary' && done < total)
      .map(({ name: person, done, total }) => ({
        text: text.waitsRater({ round: name, n: total - done, total, person }),
        href: '#/rate',
      })),
    ...(third > 0 ? [{ text: text.waitsThird({ round: name, n: third }), href: '#/rate' }] : []),
    ...(consensus > 0
      ? [{ text: text.waitsConsensus({ round: name, n: consensus }), href: '#/consensus' }]
      : []),
  ];
}
