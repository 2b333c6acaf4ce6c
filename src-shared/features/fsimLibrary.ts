import { noViews, type Feature } from './feature.ts';

/** FSIM as the Python package image-similarity-measures 0.3.7 computes it, mean over the five views. Source: resources/help/features/fsim_library.md. */
export const fsimLibrary = {
  id: 'fsim_library',
  version: 1,
  title: 'Feature similarity of views (package)',
  unit: 'index',
  range: [0, 1],
  better: 'neither',
  description:
    'FSIM as the Python package image-similarity-measures 0.3.7 computes it, mean over the five views.',
  compute: ({ images }) => images?.fsim_library ?? { value: null, reason: noViews },
} satisfies Feature;
