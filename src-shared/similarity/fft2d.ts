import { fftPlan, type ComplexArrays } from './fft.ts';

/** Columns are gathered this many at a time, so that memory is read in whole cache lines. */
const columnsAtOnce = 16;

/** The two-dimensional transform in place, rows from the top, e^(-i...) and no division. */
export function fft2d(data: ComplexArrays, width: number, height: number): void {
  transform(data, width, height, 1);
}

function transform(data: ComplexArrays, width: number, height: number, scale: number): void {
  const rows = fftPlan(width);
  for (let y = 0; y < height; y++) {
    const re = data.re.subarray(y * width, y * width + width);
    const im = data.im.subarray(y * width, y * width + width);
    // One-sided filters leave whole rows empty, and the transform of nothing is nothing.
    if (!isZero(re) || !isZero(im)) rows.forward({ re, im }, 1);
  }
  const columns = fftPlan(height);
  const whole = blockOf(height * columnsAtOnce);
  for (let x = 0; x < width; x += columnsAtOnce) {
    const count = Math.min(columnsAtOnce, width - x);
    const block = count === columnsAtOnce ? whole : blockOf(height * count);
    for (let y = 0, n = 0; y < height; y++) {
      for (let c = 0, at = y * width + x; c < count; c++, n++, at++) {
        block.re[n] = data.re[at];
        block.im[n] = data.im[at];
      }
    }
    columns.forward(block, count);
    for (let y = 0, n = 0; y < height; y++) {
      for (let c = 0, at = y * width + x; c < count; c++, n++, at++) {
        data.re[at] = block.re[n] * scale;
        data.im[at] = block.im[n] * scale;
      }
    }
  }
}

const blockOf = (size: number): ComplexArrays => ({
  re: new Float64Array(size),
  im: new Float64Array(size),
});

function isZero(values: Float64Array): boolean {
  for (const value of values) if (value !== 0) return false;
  return true;
}

/** The inverse, divided by the number of pixels: the roles of the two arrays exchanged. */
export function inverseFft2d(data: ComplexArrays, width: number, height: number): void {
  transform({ re: data.im, im: data.re }, width, height, 1 / (width * height));
}
