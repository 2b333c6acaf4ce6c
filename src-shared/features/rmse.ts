import { noViews, type Feature } from './feature.ts';

/** Root mean square difference of the grey levels, divided by 255, mean over the five views. Source: resources/help/features/rmse.md. */
export const rmse = {
  id: 'rmse',
  version: 1,
  title: 'Root mean square difference of views',
  unit: 'share of range',
  range: [0, 1],
  better: 'neither',
  description: 'Root mean square difference of the grey levels, divided by 255, mean over the five views.',
  compute: ({ images }) => images?.rmse ?? { value: null, reason: noViews },
} satisfies Feature;
