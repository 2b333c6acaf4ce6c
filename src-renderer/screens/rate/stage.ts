import { viewNames, type ViewName } from '../../../src-shared/views/viewNames.ts';
import type { RatingAction } from '../../state/ratingKeys.ts';

/** How a pair is looked at: all five views, one of them large, slices, or surfaces. */
export type Stage = 'views' | 'large' | 'slices' | 'surfaces';

export interface Looking {
  readonly stage: Stage;
  readonly view: ViewName;
}

export const firstLook: Looking = { stage: 'views', view: 'front' };

/** Where a key leads; null where it does not move the eye. Arrows go round the five views, from the front. */
export function lookBy(action: RatingAction, { stage, view }: Looking): Looking | null {
  if (action === 'views' || action === 'slices' || action === 'surfaces') return { stage: action, view };
  if (action !== 'nextView' && action !== 'previousView') return null;
  if (stage !== 'large') return { stage: 'large', view };
  const step = action === 'nextView' ? 1 : -1;
  const at = (viewNames.indexOf(view) + step + viewNames.length) % viewNames.length;
  return { stage, view: viewNames[at] };
}
