import { median } from '../../src-shared/stats/quantile.ts';
import { addPeople, freshId, lookOf, openTestStudy, type StudyApi } from '../fixtures/ratedStudy.ts';

const tools = ['alpha', 'beta', 'gamma', 'delta'];
const most = 2;

interface Measured {
  /** Median milliseconds of a commit, which answers with the next pair and those after it. */
  readonly commitMs: number;
  readonly nextMs: number;
  readonly listMs: number;
  readonly verdicts: number;
}

/**
 * Committing verdicts in a study of 800 pairs by three raters, against one of 24 pairs in the same session: the time of a
 * commit with its durable write, of asking for the next pair, and of the rounds with everybody's progress.
 */
export async function ratingBench(print: (line: string) => void = console.log): Promise<boolean> {
  const small = await rated(6);
  const large = await rated(200);
  const ratio = (of: (each: Measured) => number): number => of(large) / of(small);
  const shown = (ms: number): string => `${ms.toFixed(2)} ms`;
  print(`verdicts             ${small.verdicts} and ${large.verdicts}`);
  print(
    `commit and next pair ${shown(small.commitMs)} and ${shown(large.commitMs)}: ${ratio((m) => m.commitMs).toFixed(2)} times (goal ${most})`,
  );
  print(
    `next pair alone      ${shown(small.nextMs)} and ${shown(large.nextMs)}: ${ratio((m) => m.nextMs).toFixed(2)} times (goal: below 100 ms)`,
  );
  print(`rounds with progress ${shown(small.listMs)} and ${shown(large.listMs)}`);
  return ratio((m) => m.commitMs) <= most && large.nextMs < 100;
}

/** Two primary raters rate everything, a third what they dispute (a fifth). */
async function rated(scans: number): Promise<Measured> {
  const study = await openTestStudy({ scans, tools });
  try {
    const people = await addPeople(study, [
      { name: 'Olga', role: 'owner' },
      { name: 'Ann', role: 'rater' },
      { name: 'Ben', role: 'rater' },
      { name: 'Cy', role: 'rater' },
    ]);
    const { Olga, Ann, Ben, Cy } = people;
    const { id: roundId } = await Olga.api['rounds.open']({
      name: 'Bench',
      primary: [Ann.id, Ben.id],
      third: Cy.id,
      seed: 1,
      minViewingMs: 0,
    });
    const commits: number[] = [];
    const nexts: number[] = [];
    const rate = async (api: StudyApi, insufficientEvery: number): Promise<void> => {
      let { item } = await api['ratings.next']({ roundId });
      for (let n = 0; item !== null; n++) {
        const look = lookOf(n % insufficientEvery === 0 ? 3 : 1);
        const sent = { id: freshId(), itemId: item.id, look, viewingMs: 4000, render: { mode: 'views' } };
        const begun = performance.now();
        ({ item } = (await api['ratings.commit'](sent)).queue);
        const done = performance.now();
        commits.push(done - begun);
        await api['ratings.next']({ roundId });
        nexts.push(performance.now() - done);
      }
    };
    await rate(Ann.api, 10);
    await rate(Ben.api, 9);
    await rate(Cy.api, 2);
    const begun = performance.now();
    await Olga.api['rounds.list']({});
    const listMs = performance.now() - begun;
    return { commitMs: median(commits), nextMs: median(nexts), listMs, verdicts: commits.length };
  } finally {
    await study.close();
  }
}
