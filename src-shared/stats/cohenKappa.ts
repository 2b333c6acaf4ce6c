import { type AgreementTable, observedAgreement } from './agreementTable.ts';

/** Shares of every category for both raters: rows are the first rater, columns the second. */
function margins({ categories, counts, n }: AgreementTable): { rows: Float64Array; columns: Float64Array } {
  const rows = new Float64Array(categories);
  const columns = new Float64Array(categories);
  for (let a = 0; a < categories; a++)
    for (let b = 0; b < categories; b++) {
      rows[a] += counts[a * categories + b] / n;
      columns[b] += counts[a * categories + b] / n;
    }
  return { rows, columns };
}

/** Cohen's kappa (Cohen 1960), -1 to 1; null for no items or when chance agreement is certain (one category only). */
export function cohenKappa(table: AgreementTable): number | null {
  const po = observedAgreement(table);
  if (po === null) return null;
  const { rows, columns } = margins(table);
  let pe = 0;
  for (let c = 0; c < table.categories; c++) pe += rows[c] * columns[c];
  return 1 - pe < 1e-12 ? null : (po - pe) / (1 - pe);
}

/**
 * Kappa with its large-sample standard error and 95 % interval (not clipped) after Fleiss, Cohen and Everitt 1969,
 * equation 13. Null where kappa is undefined.
 */
export function kappaAsymptotic(
  table: AgreementTable,
): { kappa: number; standardError: number; low: number; high: number } | null {
  const kappa = cohenKappa(table);
  const po = observedAgreement(table);
  if (kappa === null || po === null) return null;
  const { categories, counts, n } = table;
  const { rows, columns } = margins(table);
  let pe = 0;
  for (let c = 0; c < categories; c++) pe += rows[c] * columns[c];
  let agree = 0;
  let disagree = 0;
  for (let a = 0; a < categories; a++)
    for (let b = 0; b < categories; b++) {
      const p = counts[a * categories + b] / n;
      if (a === b) agree += p * (1 - (rows[a] + columns[a]) * (1 - kappa)) ** 2;
      else disagree += p * (columns[a] + rows[b]) ** 2;
    }
  const variance =
    (agree + (1 - kappa) ** 2 * disagree - (kappa - pe * (1 - kappa)) ** 2) / ((1 - pe) ** 2 * n);
  const standardError = Math.sqrt(Math.max(0, variance));
  const z = 1.959963984540054;
  return { kappa, standardError, low: kappa - z * standardError, high: kappa + z * standardError };
}
