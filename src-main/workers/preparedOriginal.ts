import type { FeatureNumbers } from '../../src-shared/benchmark/measuredItem.ts';
import { prepareViews, type PreparedViews } from '../../src-shared/features/imageMeasures.ts';
import { measure } from '../../src-shared/features/measure.ts';
import { registerToTemplate, type Registration } from '../../src-shared/registration/registerToTemplate.ts';
import { faceSurface, type FaceSurface } from '../../src-shared/regions/faceSurface.ts';
import { findHead } from '../../src-shared/views/findHead.ts';
import { renderViews } from '../../src-shared/views/renderViews.ts';
import { frameOf, type ViewFrame } from '../../src-shared/views/viewFrame.ts';
import type { Volume } from '../../src-shared/volume/volume.ts';
import { brainOf, type FoundBrain } from './brainOf.ts';
import { sharedTemplate } from './builtInRemovals.ts';

/** What all defacings of one original are measured against, in memory: the steps of the main job without a study. */
export interface PreparedOriginal {
  readonly scan: Volume;
  readonly registration: Registration;
  readonly brain: FoundBrain;
  readonly frame: ViewFrame;
  /** null where views are not measured. */
  readonly views: PreparedViews | null;
  readonly surface: FaceSurface;
}

/** Head, registration, brain mask, skin by region, frame and views as the main job makes them. Throws `registration-no-signal`. */
export async function prepareOriginal(
  scan: Volume,
  { withViews = true }: { withViews?: boolean } = {},
): Promise<PreparedOriginal> {
  const template = await sharedTemplate();
  const head = findHead(scan);
  const frame = frameOf(head);
  const registration = registerToTemplate(scan, template);
  const brain = await brainOf({ scan, head, registration, ownBrainPath: null });
  return {
    scan,
    registration,
    brain,
    frame,
    views: withViews ? prepareViews(renderViews(scan, frame)) : null,
    surface: faceSurface({ scan, level: frame, registration, template }),
  };
}

/** Every feature of a defacing; without views those that rest on them have none. */
export function measureDefacing(
  { scan, brain, frame, views, surface, registration }: PreparedOriginal,
  defaced: Volume,
): FeatureNumbers {
  const measured = measure({
    original: scan,
    defaced,
    brain: brain.mask,
    views: views === null ? null : { original: views, defaced: renderViews(defaced, frame) },
    face: { surface, level: frame, registration },
  });
  return Object.fromEntries(Object.entries(measured).map(([id, { value }]) => [id, value]));
}
