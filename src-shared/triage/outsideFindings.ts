import type { OutsideTraining } from '../model/scoreDefacing.ts';

/** Beyond a measured range by no more than this share of it is not worth a hold. */
const slack = 0.02;

export const outsideKinds = ['tool', 'contrast', 'site', 'feature', 'missing'] as const;
export type OutsideKind = (typeof outsideKinds)[number];

/** One thing a model was never trained on. */
export interface OutsideFinding {
  readonly kind: OutsideKind;
  /** The tool, contrast or site, or the feature's id. */
  readonly what: string;
  readonly sentence: string;
}

/** Why a model may not decide on a defacing; empty where it may. `site` is null where no site is known. */
export function outsideFindings(
  { tool, contrast, features, missing }: OutsideTraining,
  site: { readonly name: string; readonly known: readonly string[] } | null,
): OutsideFinding[] {
  const found: OutsideFinding[] = [];
  const add = (kind: OutsideKind, what: string, sentence: string): void => {
    found.push({ kind, what, sentence });
  };
  if (tool !== null) add('tool', tool, `The model has never seen a defacing by ${tool}.`);
  if (contrast !== null) add('contrast', contrast, `The model has never seen ${contrast}.`);
  if (site !== null && site.known.length > 0 && !site.known.includes(site.name))
    add('site', site.name, `The model has never seen a scan from ${site.name}.`);
  for (const { feature, value, low, high } of features) {
    const room = slack * (high - low);
    if (value >= low - room && value <= high + room) continue;
    add(
      'feature',
      feature,
      `${feature} is ${digits(value)}, outside of ${digits(low)} to ${digits(high)} it was trained on.`,
    );
  }
  for (const feature of missing) add('missing', feature, `Not measured: ${feature}.`);
  return found;
}

const digits = (value: number): string => String(Number(value.toPrecision(3)));
