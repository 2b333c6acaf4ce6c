import { bandsOf, requireSameKind, type Picture } from './bands.ts';

/** Mean squared difference of each colour band, grey levels squared. */
function squaredErrors(reference: Picture, test: Picture): number[] {
  requireSameKind(reference, test);
  const others = bandsOf(test);
  return bandsOf(reference).map(({ values }, band) => {
    const other = others[band].values;
    let sum = 0;
    for (let n = 0; n < values.length; n++) sum += (values[n] - other[n]) * (values[n] - other[n]);
    return sum / values.length;
  });
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Root mean square difference as a share of `dataRange`, 0 to 1 for 8-bit pictures at 255; lower is more alike. The
 * root is taken in each band, then averaged, as image-similarity-measures does.
 */
export const rmse = (reference: Picture, test: Picture, { dataRange = 255 } = {}): number =>
  mean(squaredErrors(reference, test).map((error) => Math.sqrt(error))) / dataRange;

/** Peak signal to noise ratio in dB, higher is more alike; Infinity for identical pictures. Bands averaged before the root. */
export const psnr = (reference: Picture, test: Picture, { dataRange = 255 } = {}): number =>
  20 * Math.log10(dataRange / Math.sqrt(mean(squaredErrors(reference, test))));
