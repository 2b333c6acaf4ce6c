import { featureOf } from '../predictors/predictors.ts';
import type { Explanation } from './explain.ts';
import type { OutsideTraining } from './scoreDefacing.ts';

/** A measurement's title, or what a flag of a tool means. */
export function featureTitle(id: string): string {
  if (id === 'method') return 'Tool';
  if (id === 'scanner') return 'Scanner';
  if (id === 'contrast') return 'Contrast';
  if (id.startsWith('method_')) return `Made by ${id.slice('method_'.length)}`;
  return featureOf(id)?.title ?? id;
}

/** A value with its unit; a flag as yes or no. */
export function featureValue(id: string, value: number): string {
  if (Number.isNaN(value)) return 'no value';
  if (id.startsWith('method_')) return value === 1 ? 'yes' : 'no';
  const unit = featureOf(id)?.unit ?? '';
  if (unit === '0 or 1' && (value === 0 || value === 1)) return value === 1 ? 'yes' : 'no';
  const text = Math.abs(value) >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
  return unit === '' || unit === 'ratio' ? text : `${text} ${unit}`;
}

const percent = (p: number): string => `${(100 * p).toFixed(p > 0.01 && p < 0.99 ? 0 : 1)} %`;

/** An explanation as sentences: the verdict, what spoke for and against it, how it was worked out, what to beware of. */
export function explainInWords(
  explanation: Explanation,
  facts: {
    readonly probability: number;
    readonly threshold: number;
    readonly criterion: string;
    readonly outside: OutsideTraining;
  },
): string[] {
  const { probability, threshold, criterion, outside } = facts;
  const verdict = probability >= threshold ? 'insufficient' : 'adequate';
  const sentences = [
    `The model calls this defacing ${verdict} under the ${criterion} criterion: it gives ${percent(probability)} to insufficient, and calls insufficient what reaches ${percent(threshold)}.`,
  ];
  const strong = explanation.contributions.filter(
    ({ contribution }) => Math.abs(contribution) > 0.02 * total(explanation),
  );
  const list = (sign: 1 | -1): string =>
    strong
      .filter(({ contribution }) => Math.sign(contribution) === sign)
      .slice(0, 3)
      .map(({ feature, value }) => `${featureTitle(feature)} (${featureValue(feature, value)})`)
      .join(', ');
  const towards = list(1);
  const away = list(-1);
  if (towards !== '') sentences.push(`Towards insufficient: ${towards}.`);
  if (away !== '') sentences.push(`Towards adequate: ${away}.`);
  sentences.push(howSentence[explanation.method]);
  if (outside.tool !== null)
    sentences.push(`Beware: the model was never trained on defacings by ${outside.tool}.`);
  if (outside.contrast !== null)
    sentences.push(`Beware: the model was never trained on the contrast ${outside.contrast}.`);
  for (const { feature, value, low, high } of outside.features)
    sentences.push(
      `Beware: ${featureTitle(feature)} is ${featureValue(feature, value)}, and the training data went from ${featureValue(feature, low)} to ${featureValue(feature, high)}.`,
    );
  for (const feature of outside.missing)
    sentences.push(`${featureTitle(feature)} has no value here and was filled by the training median.`);
  return sentences;
}

const total = ({ contributions }: Explanation): number =>
  contributions.reduce((sum, { contribution }) => sum + Math.abs(contribution), 0);

const howSentence: Readonly<Record<Explanation['method'], string>> = {
  exact: 'The contributions add up exactly: each is the coefficient times the scaled value.',
  shap: 'The contributions are SHAP values of the trees; together with the average they add up to the output.',
  replacement:
    'Each contribution is how much the output changes when this one feature is set to its average; they need not add up.',
};
