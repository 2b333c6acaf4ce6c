import { noViews, type Feature } from './feature.ts';

/** 20 log10(255 / root mean square difference), mean over the five views. Source: resources/help/features/psnr.md. */
export const psnr = {
  id: 'psnr',
  version: 1,
  title: 'Peak signal to noise ratio of views',
  unit: 'dB',
  range: [0, Infinity],
  better: 'neither',
  description: '20 log10(255 / root mean square difference), mean over the five views.',
  compute: ({ images }) => images?.psnr ?? { value: null, reason: noViews },
} satisfies Feature;
