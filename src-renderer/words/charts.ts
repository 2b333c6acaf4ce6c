import { words } from '../state/words.svelte.ts';

export const chartWords = words('charts', {
  save: 'Save {title}',
  success: 'Defacings that pass, per tool',
  successAbout:
    'Share of final labels that are adequate under each criterion. Lines are 95 % intervals, whole persons drawn with replacement (exact ones where that is impossible).',
  lenient: 'Lenient',
  strict: 'Strict',
  ages: 'Age by sex',
  agesAbout: '{n} persons in this round, median age {median} years; age or sex is not known of {unknown}.',
  F: 'Women',
  M: 'Men',
  other: 'Other',
  insufficientStrict: 'Insufficient under strict, over time',
  insufficientLenient: 'Insufficient under lenient, over time',
  medianSeconds: 'Seconds per verdict, over time',
  driftAbout: 'Verdicts in blocks, in the order they were given. A level line is a steady rater.',
  trend: 'tau {tau}, p {p}',
  noTrend: 'no trend can be told',
});
