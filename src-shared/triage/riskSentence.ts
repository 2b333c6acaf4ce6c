import type { RiskStatement } from './riskStatement.ts';

export interface RiskScope {
  readonly statement: RiskStatement;
  readonly criterion: string;
  readonly model: string;
  readonly tools: readonly string[];
  readonly contrasts: readonly string[];
  readonly sites: readonly string[];
  /** UTC day. */
  readonly date: string;
}

const percent = (share: number): string => `${Number((100 * share).toFixed(1))} %`;
const list = (names: readonly string[], none: string): string =>
  names.length === 0 ? none : names.join(', ');

/** The guarantee with everything it depends on, as domain words want it: risk, confidence, n, rubric, tools, contrasts, date. */
export function riskSentence({
  statement,
  criterion,
  model,
  tools,
  contrasts,
  sites,
  date,
}: RiskScope): string {
  const { lower, alpha, delta, notEnough } = statement;
  if (lower.kind === 'not-enough') return notEnough ?? 'Not enough rated scans.';
  return (
    `Of defacings that are insufficient under the ${criterion} criterion at most ${percent(alpha)} are passed, with ` +
    `${percent(1 - delta)} confidence: ${lower.k} of ${lower.n} persons missed when the threshold was set ` +
    `(upper bound ${percent(lower.bound)}). It holds for the model ${model}, for ${list(tools, 'the tools it was tested on')}, ` +
    `${list(contrasts, 'the contrasts it was tested on')}${sites.length === 0 ? '' : ` and ${sites.join(', ')}`}, ` +
    `as of ${date}, and lapses for a new tool, contrast, site or model.`
  );
}
