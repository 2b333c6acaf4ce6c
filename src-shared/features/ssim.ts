import { noViews, type Feature } from './feature.ts';

/** Structural similarity with a 7 x 7 window and data range 255, mean over the five views. Source: resources/help/features/ssim.md. */
export const ssim = {
  id: 'ssim',
  version: 1,
  title: 'Structural similarity of views',
  unit: 'index',
  range: [-1, 1],
  better: 'neither',
  description: 'Structural similarity with a 7 x 7 window and data range 255, mean over the five views.',
  compute: ({ images }) => images?.ssim ?? { value: null, reason: noViews },
} satisfies Feature;
