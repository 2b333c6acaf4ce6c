import type {
  AgreementReport,
  AgreementRow,
  FeatureDispute,
  IntraRater,
  RaterPace,
  Table2Cell,
  Trend,
} from '../api/agreementCalls.ts';
import { agreementTable } from '../stats/agreementTable.ts';
import { cohenKappa } from '../stats/cohenKappa.ts';
import { gwetAc1 } from '../stats/gwetAc1.ts';
import { kendallTau } from '../stats/kendallTau.ts';
import { median, quantile } from '../stats/quantile.ts';
import { raterAgreement } from '../stats/raterAgreement.ts';
import type { DefacingLabels } from './roundLabels.ts';
import { criteria, labelOf, remains, type Criterion, type Look } from './verdict.ts';

export interface RatedDefacing extends DefacingLabels {
  readonly tool: string;
  readonly person: string;
}

/** A hidden repeat and the first look at the same pair. */
export interface RepeatedLook {
  readonly accountId: string;
  readonly person: string;
  readonly first: Look;
  readonly second: Look;
}

/** One standing verdict, repeats included; a list of them is in the order they were given. */
export interface TimedLook {
  readonly accountId: string;
  readonly look: Look;
  readonly viewingMs: number;
}

export interface AgreementInput {
  /** In the order of their places: the primary pair, then the third where there is one. */
  readonly raters: readonly { readonly accountId: string; readonly name: string }[];
  readonly defacings: readonly RatedDefacing[];
  readonly repeats: readonly RepeatedLook[];
  readonly looks: readonly TimedLook[];
  readonly seed: number;
  readonly draws: number;
}

/**
 * How far the raters of a round agree: everything of the paper's Table 2 and what it lacks. An original that a rater
 * excluded is unrated by him; agreement about exclusion is counted apart.
 */
export function agreementReport(input: AgreementInput): AgreementReport {
  const { raters, defacings, seed, draws } = input;
  const tools = [...new Set(defacings.map(({ tool }) => tool))].sort();
  const rows = [null, ...tools].flatMap((tool) => {
    const group = tool === null ? defacings : defacings.filter((each) => each.tool === tool);
    return criteria.flatMap((criterion) =>
      pairsOf(raters.length).map((pair) => agreementRow(group, { tool, criterion, pair }, input)),
    );
  });
  const cell = (tool: string | null, criterion: Criterion): Table2Cell => {
    const row = rows.find((each) => each.primary && each.tool === tool && each.criterion === criterion);
    const { n = 0, agreement = null, kappa = null, kappaBootstrap: interval = null } = row ?? {};
    return { n, agreementPercent: agreement === null ? null : agreement * 100, kappa, interval };
  };
  return {
    raters: raters.map(({ accountId, name }, place) => ({
      accountId,
      name,
      part: place === 2 ? 'third' : 'primary',
    })),
    tools,
    rows,
    table2: [...tools, null].map((tool) => ({
      tool,
      lenient: cell(tool, 'lenient'),
      strict: cell(tool, 'strict'),
    })),
    disputes: featureDisputes(defacings),
    exclusions: exclusionCounts(defacings),
    intra: raters.flatMap(({ accountId }) =>
      criteria.map((criterion) => intraRater(accountId, criterion, input)),
    ),
    pace: raters.map(({ accountId }) => paceOf(accountId, input.looks)),
    draws,
    seed,
  };
}

/** Label of what a rater at a place said under a criterion; null for nothing, and for an excluded original. */
export function labelAt({ standing }: DefacingLabels, place: number, criterion: Criterion): 0 | 1 | null {
  const answer = [...standing.primary, standing.third][place];
  return answer?.verdict == null ? null : labelOf(answer.verdict, criterion);
}

const pairsOf = (raters: number): [number, number][] =>
  raters > 2
    ? [
        [0, 1],
        [0, 2],
        [1, 2],
      ]
    : [[0, 1]];

function agreementRow(
  group: readonly RatedDefacing[],
  of: { tool: string | null; criterion: Criterion; pair: readonly [number, number] },
  { raters, seed, draws }: AgreementInput,
): AgreementRow {
  const [a, b] = of.pair;
  const others = raters.map((_, place) => place).filter((place) => place !== a && place !== b);
  const matrix = group.map((each) => [a, b, ...others].map((place) => labelAt(each, place, of.criterion)));
  const statistics = raterAgreement(
    matrix,
    group.map(({ person }) => person),
    { draws, seed },
  );
  return {
    ...statistics,
    tool: of.tool,
    criterion: of.criterion,
    raters: [raters[a].accountId, raters[b].accountId],
    primary: a === 0 && b === 1,
    ac1All: gwetAc1(matrix),
  };
}

/** Of looks that both primary raters gave a verdict on: who saw what remain, and who saw the brain cut. */
function featureDisputes(defacings: readonly RatedDefacing[]): FeatureDispute[] {
  const both = defacings.flatMap(({ looks: [first, second] }) =>
    first?.verdict != null && second?.verdict != null ? [[first, second] as const] : [],
  );
  return [...remains, 'brain' as const].map((feature) => {
    const saw = (look: Look): 0 | 1 =>
      (feature === 'brain' ? look.brainCut : look.remains.includes(feature)) ? 1 : 0;
    const table = agreementTable(
      both.map(([first]) => saw(first)),
      both.map(([, second]) => saw(second)),
    );
    const [neither, onlySecond, onlyFirst, together] = table.counts;
    return { feature, both: together, onlyFirst, onlySecond, neither, kappa: cohenKappa(table) };
  });
}

function exclusionCounts(defacings: readonly RatedDefacing[]): AgreementReport['exclusions'] {
  const counts = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
  for (const {
    standing: {
      primary: [first, second],
    },
  } of defacings) {
    if (first === null || second === null) continue;
    const [a, b] = [first.exclusion !== null, second.exclusion !== null];
    counts[a && b ? 'both' : a ? 'onlyFirst' : b ? 'onlySecond' : 'neither']++;
  }
  return counts;
}

function intraRater(
  accountId: string,
  criterion: Criterion,
  { repeats, seed, draws }: AgreementInput,
): IntraRater {
  const label = ({ verdict }: Look): 0 | 1 | null => (verdict === null ? null : labelOf(verdict, criterion));
  const own = repeats.filter((each) => each.accountId === accountId);
  const { n, agreement, kappa, kappaBootstrap } = raterAgreement(
    own.map(({ first, second }) => [label(first), label(second)]),
    own.map(({ person }) => person),
    { draws, seed },
  );
  return { accountId, criterion, n, agreement, kappa, interval: kappaBootstrap };
}

const blocks = 10;

/** How fast a rater was and whether that, or what he said, moved with time. */
function paceOf(accountId: string, all: readonly TimedLook[]): RaterPace {
  const looks = all.filter((each) => each.accountId === accountId);
  const seconds = looks.map(({ viewingMs }) => viewingMs / 1000);
  const size = Math.max(1, Math.ceil(looks.length / blocks));
  const starts = Array.from({ length: Math.ceil(looks.length / size) }, (_, n) => n * size);
  return {
    accountId,
    verdicts: looks.length,
    medianSeconds: looks.length === 0 ? null : median(seconds),
    quartilesSeconds: looks.length === 0 ? null : [quantile(seconds, 0.25), quantile(seconds, 0.75)],
    blocks: starts.map((from) => {
      const block = looks.slice(from, from + size);
      return {
        from: from + 1,
        to: from + block.length,
        medianSeconds: median(seconds.slice(from, from + size)),
        insufficientStrict: shareInsufficient(block, 'strict'),
        insufficientLenient: shareInsufficient(block, 'lenient'),
      };
    }),
    drift: {
      seconds: trend(seconds),
      strict: verdictTrend(looks, 'strict'),
      lenient: verdictTrend(looks, 'lenient'),
    },
  };
}

function shareInsufficient(block: readonly TimedLook[], criterion: Criterion): number | null {
  const labels = block.flatMap(({ look: { verdict } }) =>
    verdict === null ? [] : [labelOf(verdict, criterion)],
  );
  return labels.length === 0 ? null : labels.reduce<number>((sum, label) => sum + label, 0) / labels.length;
}

const trend = (values: readonly number[]): Trend | null =>
  kendallTau(
    values.map((_, n) => n),
    values,
  );

const verdictTrend = (looks: readonly TimedLook[], criterion: Criterion): Trend | null =>
  trend(looks.flatMap(({ look: { verdict } }) => (verdict === null ? [] : [labelOf(verdict, criterion)])));
