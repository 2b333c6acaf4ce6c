import { noBrain, valueOrReason, type Feature } from './feature.ts';

/** Voxels of the brain mask whose intensity changed, as a percentage of the mask. Source: resources/help/features/brain_altered_pct.md. */
export const brainAltered = {
  id: 'brain_altered_pct',
  version: 1,
  title: 'Brain altered',
  unit: '%',
  range: [0, 100],
  better: 'lower',
  description: 'Voxels of the brain mask whose intensity changed, as a percentage of the mask.',
  compute: ({ counts }) =>
    valueOrReason(counts.brain === 0 ? null : (100 * counts.brainAltered) / counts.brain, noBrain),
} satisfies Feature;
