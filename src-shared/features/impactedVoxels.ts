import type { Feature } from './feature.ts';

/** Voxels whose intensity the defacing changed, values below 3 % of the range of the original taken as 0. Source: resources/help/features/impacted_voxels.md. */
export const impactedVoxels = {
  id: 'impacted_voxels',
  version: 1,
  title: 'Altered voxels',
  unit: 'voxels',
  range: [0, Infinity],
  better: 'neither',
  description:
    'Voxels whose intensity the defacing changed, values below 3 % of the range of the original taken as 0.',
  compute: ({ counts }) => ({ value: counts.altered }),
} satisfies Feature;
