import {
  applyRemovalMask,
  readRemovalTable,
  type RemovalItem,
} from '../../src-main/files/readRemovalTable.ts';
import { readTemplate } from '../../src-main/files/readTemplate.ts';
import { readVolume } from '../../src-main/files/readVolume.ts';
import { extractBrain } from '../../src-shared/brain/extractBrain.ts';
import { labelOf } from '../../src-shared/rating/verdict.ts';
import { faceFeatures, type FaceFeatures } from '../../src-shared/regions/faceFeatures.ts';
import { faceSurface, type FaceSurface } from '../../src-shared/regions/faceSurface.ts';
import { faceSurvival, type FaceSurvival } from '../../src-shared/regions/faceSurvival.ts';
import { regionVerdict, type RegionVerdict } from '../../src-shared/regions/regionVerdict.ts';
import { registerToTemplate } from '../../src-shared/registration/registerToTemplate.ts';
import { findHead, type Head } from '../../src-shared/views/findHead.ts';
import { voxelMl, type Mask, type Volume } from '../../src-shared/volume/volume.ts';

/** One row of a table of removal masks with what regions say of it. */
export interface ScoredRow {
  readonly item: RemovalItem;
  readonly survival: FaceSurvival;
  readonly features: FaceFeatures;
  readonly verdict: RegionVerdict;
  /** Overlap of the removal with the built-in brain mask, ml. */
  readonly brainMl: number;
}

interface Prepared {
  readonly original: Volume;
  readonly level: Head;
  readonly surface: FaceSurface;
  readonly brain: Mask;
}

/** Every row of a table measured by region and judged by the rule; rows of one head follow each other. */
export async function scoreRemovalTable(path: string, headsFolder?: string): Promise<ScoredRow[]> {
  const template = await readTemplate();
  const rows: ScoredRow[] = [];
  let at = '';
  let prepared: Prepared | null = null;
  for (const item of await readRemovalTable(path, headsFolder)) {
    if (prepared === null || item.headPath !== at) {
      at = item.headPath;
      const original = await readVolume(at);
      const level = findHead(original);
      const registration = registerToTemplate(original, template);
      const surface = faceSurface({ scan: original, level, registration, template });
      prepared = {
        original,
        level,
        surface,
        brain: extractBrain(original, { template, registration, head: level }).mask,
      };
    }
    const { original, level, surface, brain } = prepared;
    const { defaced, removal } = await applyRemovalMask(original, item.maskPath);
    const survival = faceSurvival({ surface, original, defaced, level });
    const features = faceFeatures(surface, survival.fates);
    let both = 0;
    for (let n = 0; n < brain.bits.length; n++) both += brain.bits[n] & removal.bits[n];
    const brainMl = both * voxelMl(brain);
    rows.push({ item, survival, features, verdict: regionVerdict(features), brainMl });
  }
  return rows;
}

/** Mean of sensitivity and specificity for insufficient under the lenient criterion; rows without a verdict are left out. */
export function balancedAccuracy(rows: readonly ScoredRow[]): number {
  const counts = [
    [0, 0],
    [0, 0],
  ];
  for (const { item, verdict } of rows) {
    if (item.verdict === null || verdict.verdict === null) continue;
    counts[labelOf(item.verdict, 'lenient')][labelOf(verdict.verdict, 'lenient')]++;
  }
  const right = counts.map((row, truth) => row[truth] / (row[0] + row[1]));
  return (right[0] + right[1]) / 2;
}
