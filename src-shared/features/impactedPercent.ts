import { noHead, valueOrReason, type Feature } from './feature.ts';

/** Altered voxels as a percentage of head voxels; above 100 where a tool also adds tissue outside the head. Source: resources/help/features/impacted_pct.md. */
export const impactedPercent = {
  id: 'impacted_pct',
  version: 1,
  title: 'Altered voxels, share of head',
  unit: '%',
  range: [0, Infinity],
  better: 'neither',
  description:
    'Altered voxels as a percentage of head voxels; above 100 where a tool also adds tissue outside the head.',
  compute: ({ counts }) =>
    valueOrReason(counts.head === 0 ? null : (100 * counts.altered) / counts.head, noHead),
} satisfies Feature;
