import type { OutsideTraining } from '../model/scoreDefacing.ts';

/** Beyond a measured range by no more than this share of it is not worth a hold. */
const slack = 0.02;

/** Why a model may not decide on a defacing, as sentences; empty where it may. `site` is null where no site is known. */
export function outsideInWords(
  { tool, contrast, features, missing }: OutsideTraining,
  site: { readonly name: string; readonly known: readonly string[] } | null,
): string[] {
  const reasons: string[] = [];
  if (tool !== null) reasons.push(`The model has never seen a defacing by ${tool}.`);
  if (contrast !== null) reasons.push(`The model has never seen ${contrast}.`);
  if (site !== null && site.known.length > 0 && !site.known.includes(site.name))
    reasons.push(`The model has never seen a scan from ${site.name}.`);
  for (const { feature, value, low, high } of features) {
    const room = slack * (high - low);
    if (value >= low - room && value <= high + room) continue;
    reasons.push(
      `${feature} is ${digits(value)}, outside of ${digits(low)} to ${digits(high)} it was trained on.`,
    );
  }
  if (missing.length > 0) reasons.push(`Not measured: ${missing.join(', ')}.`);
  return reasons;
}

const digits = (value: number): string => String(Number(value.toPrecision(3)));
