/** What is left of one part of the face. */
export interface RegionFact {
  readonly region: string;
  /** As it stands in a sentence. */
  readonly title: string;
  /** Surviving share of its surface, 0 to 1; null where that could not be told. */
  readonly share: number | null;
  /** Eyes, nose and mouth: what a verdict names first. */
  readonly facial: boolean;
}

const regions = [
  ['left_eye', 'left eye', true],
  ['right_eye', 'right eye', true],
  ['nose', 'nose', true],
  ['mouth', 'mouth', true],
  ['forehead', 'forehead', false],
  ['chin', 'chin', false],
  ['left_cheek', 'left cheek', false],
  ['right_cheek', 'right cheek', false],
  ['left_ear', 'left ear', false],
  ['right_ear', 'right ear', false],
] as const;

/** Shares of regions as they stand among the measurements; empty in a study measured without them. */
export function regionFacts(features: ReadonlyMap<string, number | null>): RegionFact[] {
  return regions
    .filter(([region]) => features.has(`region_${region}_share`))
    .map(([region, title, facial]) => ({
      region,
      title,
      share: features.get(`region_${region}_share`) ?? null,
      facial,
    }));
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** `both eyes still there: 78 % of their surface; nose: 12 %` */
export function regionsInWords(found: readonly RegionFact[]): string {
  const eyes = found.filter(({ region }) => region.endsWith('_eye'));
  const others = found.filter(({ region }) => !region.endsWith('_eye'));
  const parts: string[] = [];
  const mean = (some: readonly RegionFact[]): number =>
    some.reduce((sum, { share }) => sum + (share ?? 0), 0) / some.length;
  if (eyes.length === 2) parts.push(`both eyes still there: ${percent(mean(eyes))} of their surface`);
  else if (eyes.length === 1)
    parts.push(`${eyes[0].title} still there: ${percent(mean(eyes))} of its surface`);
  for (const { title, share } of others)
    parts.push(`${title} still there: ${percent(share ?? 0)} of its surface`);
  return parts.join('; ');
}
