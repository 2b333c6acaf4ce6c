import { noViews, type Feature } from './feature.ts';

/** FSIM of Zhang, Zhang, Mou and Zhang 2011, mean over the five views. Source: resources/help/features/fsim_reference.md. */
export const fsimReference = {
  id: 'fsim_reference',
  version: 1,
  title: 'Feature similarity of views (original)',
  unit: 'index',
  range: [0, 1],
  better: 'neither',
  description: 'FSIM of Zhang, Zhang, Mou and Zhang 2011, mean over the five views.',
  compute: ({ images }) => images?.fsim_reference ?? { value: null, reason: noViews },
} satisfies Feature;
