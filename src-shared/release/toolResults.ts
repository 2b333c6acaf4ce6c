import type { ToolResult } from '../report/studyReport.ts';

/** One defacing that was tried, as far as success is concerned. */
export interface TriedDefacing {
  readonly tool: string;
  readonly made: boolean;
  /** 1 insufficient; null without a final label. */
  readonly label: 0 | 1 | null;
  readonly contrast: string;
  /** Years; null where not known. */
  readonly age: number | null;
  readonly site: string | null;
}

const bands = [18, 30, 40, 50, 60, 70, 80];
const bandOf = (age: number): string => {
  const at = bands.findIndex((start) => age < start);
  if (at === 0) return 'age under 18';
  return at < 0 ? 'age 80 and more' : `age ${bands[at - 1]} to ${bands[at] - 1}`;
};

/** Success of each tool, over all and by contrast, age and site. Groups everyone is in are left out. */
export function toolResults(tried: readonly TriedDefacing[]): ToolResult[] {
  const groupings: ((one: TriedDefacing) => string | null)[] = [
    () => 'all',
    ({ contrast }) => contrast,
    ({ age }) => (age === null ? null : bandOf(age)),
    ({ site }) => (site === null ? null : `site ${site}`),
  ];
  const results: ToolResult[] = [];
  for (const [g, groupOf] of groupings.entries()) {
    const names = [...new Set(tried.map(groupOf).filter((name) => name !== null))].sort();
    if (g > 0 && names.length < 2) continue;
    for (const tool of [...new Set(tried.map((one) => one.tool))].sort())
      for (const group of names) {
        const own = tried.filter((one) => one.tool === tool && groupOf(one) === group);
        if (own.length === 0) continue;
        results.push({
          tool,
          group,
          tried: own.length,
          made: own.filter(({ made }) => made).length,
          labelled: own.filter(({ label }) => label !== null).length,
          adequate: own.filter(({ label }) => label === 0).length,
        });
      }
  }
  return results;
}
