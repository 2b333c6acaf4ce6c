/**
 * How one tool ended on one scan. Exit status alone never decides: `done` means that the output was read, checked
 * against the original's grid and turned into a removal mask. Each has a help page that says what to do.
 */
export const outcomes = [
  'done',
  'nothing-removed',
  'brain-cut',
  'wrong-grid',
  'output-missing',
  'output-unreadable',
  'tool-missing',
  'atlas-missing',
  'licence-missing',
  'brain-mask-missing',
  'registration-failed',
  'tool-failed',
  'timed-out',
  'killed',
  'cancelled',
] as const;
export type Outcome = (typeof outcomes)[number];

/** Outcomes whose defacing exists, is rendered and measured: `brain-cut` is a result a person must see, not a missing file. */
export const outcomesWithDefacing: readonly Outcome[] = ['done', 'brain-cut'];
