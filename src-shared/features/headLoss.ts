import { noHead, valueOrReason, type Feature } from './feature.ts';

/** Head voxels that were removed completely, as a percentage of head voxels. Too little leaves the face, too much takes the head. Source: resources/help/features/head_loss_pct.md. */
export const headLoss = {
  id: 'head_loss_pct',
  version: 1,
  title: 'Head removed',
  unit: '%',
  range: [0, 100],
  better: 'neither',
  description:
    'Head voxels that were removed completely, as a percentage of head voxels. Too little leaves the face, too much takes the head.',
  compute: ({ counts }) =>
    valueOrReason(counts.head === 0 ? null : (100 * counts.removed) / counts.head, noHead),
} satisfies Feature;
