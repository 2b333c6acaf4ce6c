import { noBrain, noHead, valueOrReason, type Feature } from './feature.ts';

/** Voxels of the brain mask over head voxels of the original. An implausible value flags a bad brain mask. Source: resources/help/features/bhr.md. */
export const brainToHeadRatio = {
  id: 'bhr',
  version: 1,
  title: 'Brain to head ratio',
  unit: 'ratio',
  range: [0, Infinity],
  better: 'neither',
  description:
    'Voxels of the brain mask over head voxels of the original. An implausible value flags a bad brain mask.',
  compute: ({ counts, hasBrain }) =>
    valueOrReason(
      hasBrain && counts.brain > 0 && counts.head > 0 ? counts.brain / counts.head : null,
      counts.head === 0 ? noHead : noBrain,
    ),
} satisfies Feature;
