import { noBrain, valueOrReason, type Feature } from './feature.ts';

/** Volume of the brain mask that was removed completely. Source: resources/help/features/brain_loss_ml.md. */
export const brainLossMl = {
  id: 'brain_loss_ml',
  version: 1,
  title: 'Brain removed, volume',
  unit: 'ml',
  range: [0, Infinity],
  better: 'lower',
  description: 'Volume of the brain mask that was removed completely.',
  compute: ({ counts, voxelMl }) =>
    valueOrReason(counts.brain === 0 ? null : counts.brainRemoved * voxelMl, noBrain),
} satisfies Feature;
