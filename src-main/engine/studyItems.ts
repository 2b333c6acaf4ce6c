import type { StudyItem } from '../../src-shared/model/studyTable.ts';
import { outcomesWithDefacing } from '../../src-shared/domain/outcome.ts';
import type { Criterion } from '../../src-shared/rating/verdict.ts';
import type { Engine } from './engine.ts';
import { featuresOf } from './featuresOf.ts';
import { studyLabels } from './studyLabels.ts';

/** Every defacing of the study that exists, with its features and what counts as its label under a criterion. */
export function studyItems(engine: Engine, criterion: Criterion): StudyItem[] {
  const { derived, scans } = engine;
  const features = featuresOf(engine);
  const labels = studyLabels(engine, criterion);
  return derived.defacings().flatMap((defacing) => {
    const scan = scans.byId(defacing.scanId);
    if (scan?.state !== 'ok' || !outcomesWithDefacing.includes(defacing.outcome)) return [];
    const { label, reason } = labels.get(defacing.id) ?? {
      label: null,
      reason: 'No final label: not in a closed round, and none was imported.',
    };
    return [
      {
        defacingId: defacing.id,
        person: scan.person,
        tool: defacing.tool,
        contrast: scan.modality,
        features: features(defacing),
        label,
        reason,
      },
    ];
  });
}
