import type { RaterAgreement } from '../stats/raterAgreement.ts';
import type { Interval } from '../stats/clusterBootstrap.ts';
import type { Criterion, Look, Remain } from '../rating/verdict.ts';
import { call } from './call.ts';
import {
  literal,
  maxLength,
  minLength,
  nullable,
  pipe,
  strictObject,
  string,
  tuple,
  union,
} from './checks.ts';
import { picklist } from './checks.ts';
import { criteria } from '../rating/verdict.ts';

const id = pipe(string(), minLength(1), maxLength(64));
const binary = union([literal(0), literal(1)]);

/** How far the raters of a round agree, and what they found. Of an open round for an owner who is not blind only. */
export const agreementCalls = {
  'agreement.report': call(strictObject({ roundId: id }), { who: 'reader' }).returns<AgreementReport>(),
  /** The pairs behind one cell of a 2x2 table. */
  'agreement.pairs': call(
    strictObject({
      roundId: id,
      /** null for all tools. */
      tool: nullable(id),
      criterion: picklist(criteria),
      /** Accounts of the two raters, in the order of the table. */
      raters: tuple([id, id]),
      /** What the first and the second said: 0 adequate, 1 insufficient. */
      cell: tuple([binary, binary]),
    }),
    { who: 'reader' },
  ).returns<readonly AgreementPair[]>(),
  /** Success per tool under both criteria, from final labels (Figure 5 of the paper). */
  'agreement.success': call(strictObject({ roundId: id }), { who: 'reader' }).returns<
    readonly ToolSuccess[]
  >(),
  /** Age by sex of the persons in a round (Figure 4). */
  'agreement.ages': call(strictObject({ roundId: id }), { who: 'reader' }).returns<AgesBySex>(),
};

export interface AgreementReport {
  readonly raters: readonly {
    readonly accountId: string;
    readonly name: string;
    readonly part: 'primary' | 'third';
  }[];
  readonly tools: readonly string[];
  /** Every tool and all together (tool null), both criteria, every pair of raters; the primary pair comes first. */
  readonly rows: readonly AgreementRow[];
  /** Rows of the paper's Table 2: one a tool, primary pair. */
  readonly table2: readonly {
    readonly tool: string | null;
    readonly lenient: Table2Cell;
    readonly strict: Table2Cell;
  }[];
  /** Of the primary pair: who saw what remain. */
  readonly disputes: readonly FeatureDispute[];
  /** Of the primary pair: the original excluded by both, one, none. */
  readonly exclusions: {
    readonly both: number;
    readonly onlyFirst: number;
    readonly onlySecond: number;
    readonly neither: number;
  };
  readonly intra: readonly IntraRater[];
  readonly pace: readonly RaterPace[];
  readonly draws: number;
  readonly seed: number;
}

export interface AgreementRow extends RaterAgreement {
  readonly tool: string | null;
  readonly criterion: Criterion;
  readonly raters: readonly [string, string];
  readonly primary: boolean;
  /** Gwet's AC1 over all raters, missing ratings allowed; `ac1` is of the pair. */
  readonly ac1All: number | null;
}

export interface Table2Cell {
  readonly n: number;
  readonly agreementPercent: number | null;
  readonly kappa: number | null;
  readonly interval: Interval | null;
}

export interface FeatureDispute {
  readonly feature: Remain | 'brain';
  readonly both: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly neither: number;
  readonly kappa: number | null;
}

export interface IntraRater {
  readonly accountId: string;
  readonly criterion: Criterion;
  /** Hidden repeats rated. */
  readonly n: number;
  readonly agreement: number | null;
  readonly kappa: number | null;
  readonly interval: Interval | null;
}

export interface RaterPace {
  readonly accountId: string;
  readonly verdicts: number;
  readonly medianSeconds: number | null;
  readonly quartilesSeconds: readonly [number, number] | null;
  /** The rater's verdicts in ten blocks, in the order they were given. */
  readonly blocks: readonly {
    readonly from: number;
    readonly to: number;
    readonly medianSeconds: number;
    readonly insufficientStrict: number | null;
    readonly insufficientLenient: number | null;
  }[];
  /** Kendall's tau-b between place and what was said, with its two-sided p; null for too few or no variation. */
  readonly drift: {
    readonly seconds: Trend | null;
    readonly strict: Trend | null;
    readonly lenient: Trend | null;
  };
}

export interface Trend {
  readonly tau: number;
  readonly p: number;
}

export interface AgreementPair {
  readonly defacingId: string;
  readonly scanId: string;
  readonly scan: string;
  readonly tool: string;
  readonly first: Look;
  readonly second: Look;
}

export interface ToolSuccess {
  readonly tool: string;
  readonly criterion: Criterion;
  /** Defacings with a final label. */
  readonly n: number;
  readonly passed: number;
  readonly share: number | null;
  /** Exact 95 % interval of Clopper and Pearson, as if every scan were another person's. */
  readonly exact: Interval | null;
  /** 95 % interval with whole persons drawn with replacement. */
  readonly byPerson: Interval | null;
  readonly excluded: number;
  readonly open: number;
}

export interface AgesBySex {
  /** Bounds of the age groups in years: group i is from bounds[i] to below bounds[i + 1]. */
  readonly bounds: readonly number[];
  readonly groups: readonly { readonly sex: 'F' | 'M' | 'other'; readonly counts: readonly number[] }[];
  readonly persons: number;
  /** Persons of whom age or sex is not known. */
  readonly unknown: number;
  readonly medianAge: number | null;
}
