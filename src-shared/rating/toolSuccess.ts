import type { AgesBySex, ToolSuccess } from '../api/agreementCalls.ts';
import { clopperPearson } from '../stats/clopperPearson.ts';
import { clusterBootstrap } from '../stats/clusterBootstrap.ts';
import { median } from '../stats/quantile.ts';
import { seededRandom } from '../stats/random.ts';
import type { RatedDefacing } from './agreementReport.ts';
import { criteria } from './verdict.ts';

/** Share of each tool's defacings that passed, by final labels, with intervals (the paper's Figure 5). */
export function toolSuccess(
  defacings: readonly RatedDefacing[],
  { seed, draws }: { readonly seed: number; readonly draws: number },
): ToolSuccess[] {
  const tools = [...new Set(defacings.map(({ tool }) => tool))].sort();
  return tools.flatMap((tool) =>
    criteria.map((criterion) => {
      const group = defacings.filter((each) => each.tool === tool);
      const labels = group.map((each) => each.labels[criterion]);
      const final = group.flatMap(({ person, labels: { [criterion]: label } }) =>
        label.state === 'final' ? [{ person, passed: label.label === 0 ? 1 : 0 }] : [],
      );
      const n = final.length;
      const passed = final.reduce((sum, each) => sum + each.passed, 0);
      const [byPerson] = clusterBootstrap(
        final.map(({ person }) => person),
        (counts, out) => {
          let [all, good] = [0, 0];
          for (const [i, count] of counts.entries()) {
            all += count;
            good += count * final[i].passed;
          }
          out[0] = good / all;
        },
        { draws: n === 0 ? 0 : draws, size: 1, random: seededRandom(seed, `success ${tool} ${criterion}`) },
      );
      return {
        tool,
        criterion,
        n,
        passed,
        share: n === 0 ? null : passed / n,
        exact: n === 0 ? null : clopperPearson(passed, n),
        byPerson: n === 0 ? null : byPerson,
        excluded: labels.filter(({ state }) => state === 'excluded').length,
        open: labels.filter(({ state }) => state === 'open').length,
      };
    }),
  );
}

const groupYears = 10;

/** Ages of persons in groups of ten years by sex (the paper's Figure 4). Ages given as `89+` count as 89. */
export function agesBySex(
  persons: readonly { readonly age: string | null; readonly sex: string | null }[],
): AgesBySex {
  const known = persons.flatMap(({ age, sex }) => {
    const years = age === null || age.trim() === '' ? Number.NaN : Number(age.replace(/\+$/, ''));
    if (!Number.isFinite(years) || years < 0 || years > 130 || sex === null || sex.trim() === '') return [];
    const letter = sex.trim().charAt(0).toUpperCase();
    return [{ years, sex: letter === 'F' ? 'F' : letter === 'M' ? 'M' : 'other' } as const];
  });
  const ages = known.map(({ years }) => years);
  const first = known.length === 0 ? 0 : Math.floor(Math.min(...ages) / groupYears);
  const groups = known.length === 0 ? 0 : Math.floor(Math.max(...ages) / groupYears) - first + 1;
  const bounds = Array.from({ length: groups + 1 }, (_, n) => (first + n) * groupYears);
  const countsOf = (sex: 'F' | 'M' | 'other'): number[] =>
    Array.from(
      { length: groups },
      (_, n) =>
        known.filter((each) => each.sex === sex && Math.floor(each.years / groupYears) === first + n).length,
    );
  return {
    bounds: groups === 0 ? [] : bounds,
    groups: (['F', 'M', 'other'] as const)
      .map((sex) => ({ sex, counts: countsOf(sex) }))
      .filter(({ sex, counts }) => sex !== 'other' || counts.some((count) => count > 0)),
    persons: persons.length,
    unknown: persons.length - known.length,
    medianAge: known.length === 0 ? null : median(ages),
  };
}
