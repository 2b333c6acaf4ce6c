import { noBrain, valueOrReason, type Feature } from './feature.ts';

/** Voxels of the brain mask that were removed completely, as a percentage of the mask. Source: resources/help/features/brain_loss_pct.md. */
export const brainLoss = {
  id: 'brain_loss_pct',
  version: 1,
  title: 'Brain removed',
  unit: '%',
  range: [0, 100],
  better: 'lower',
  description: 'Voxels of the brain mask that were removed completely, as a percentage of the mask.',
  compute: ({ counts }) =>
    valueOrReason(counts.brain === 0 ? null : (100 * counts.brainRemoved) / counts.brain, noBrain),
} satisfies Feature;
