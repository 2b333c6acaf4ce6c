import type { Criterion } from '../rating/verdict.ts';

/** Figures of the paper as printed there. Another data set: 200 scans of 91 persons, four tools, two raters and a third. */
export interface PaperRow {
  readonly model: 'forest';
  readonly accuracy: number;
  readonly specificity: number;
  readonly sensitivity: number;
  readonly precision: number;
  /** Printed as "AUROC"; equals (sensitivity + specificity) / 2 within rounding, so it is a balanced accuracy. */
  readonly printedAuroc: number;
}

const row = (
  accuracy: number,
  specificity: number,
  sensitivity: number,
  precision: number,
  printedAuroc: number,
): PaperRow => ({ model: 'forest', accuracy, specificity, sensitivity, precision, printedAuroc });

/**
 * The random forest of the paper, with flags of tools (its Table 1) and without (its Table 3). Source: Khodaei Dolouei,
 * Sadeghi and Kirsten, BMC Medical Imaging 2026;26:109.
 */
export const paperFigures: Readonly<
  Record<'all' | 'without-method', Readonly<Record<Criterion, readonly PaperRow[]>>>
> = {
  all: {
    lenient: [row(0.85, 0.86, 0.82, 0.79, 0.84)],
    strict: [row(0.81, 0.89, 0.76, 0.89, 0.82)],
  },
  'without-method': {
    lenient: [row(0.82, 0.86, 0.74, 0.77, 0.8)],
    strict: [row(0.78, 0.81, 0.74, 0.83, 0.78)],
  },
};
