import { describe, expect, it } from 'vitest';
import { fft2d, inverseFft2d } from '../../../src-shared/similarity/fft2d.ts';
import { fftPlan } from '../../../src-shared/similarity/fft.ts';
import { medianInPlace } from '../../../src-shared/similarity/median.ts';
import { seededRandom } from '../../../src-shared/stats/random.ts';

const random = seededRandom(11);
const noise = (count: number): Float64Array =>
  Float64Array.from({ length: count }, () => random.uniform(-1, 1));

describe('the Fourier transform', () => {
  it.each([1, 2, 3, 7, 8, 12, 32, 97, 128, 131])(
    'equals the sum it stands for at length %i, two signals at once',
    (length) => {
      const [re, im] = [noise(2 * length), noise(2 * length)];
      const data = { re: re.slice(), im: im.slice() };
      fftPlan(length).forward(data, 2);
      for (let k = 0; k < length; k++) {
        let [sumRe, sumIm] = [0, 0];
        for (let n = 0; n < length; n++) {
          const angle = (-2 * Math.PI * ((k * n) % length)) / length;
          sumRe += re[2 * n + 1] * Math.cos(angle) - im[2 * n + 1] * Math.sin(angle);
          sumIm += re[2 * n + 1] * Math.sin(angle) + im[2 * n + 1] * Math.cos(angle);
        }
        expect(Math.abs(data.re[2 * k + 1] - sumRe)).toBeLessThan(1e-12 * length);
        expect(Math.abs(data.im[2 * k + 1] - sumIm)).toBeLessThan(1e-12 * length);
      }
    },
  );

  it.each([
    [16, 12],
    [97, 131],
    [64, 64],
  ])('comes back from %i x %i', (width, height) => {
    const re = noise(width * height);
    const data = { re: re.slice(), im: new Float64Array(re.length) };
    fft2d(data, width, height);
    inverseFft2d(data, width, height);
    for (let n = 0; n < re.length; n++) expect(Math.abs(data.re[n] - re[n])).toBeLessThan(1e-13);
  });
});

describe('the median', () => {
  it('is the middle, or the mean of the middle two', () => {
    expect(medianInPlace(Float64Array.of(5, 1, 3))).toBe(3);
    expect(medianInPlace(Float64Array.of(4, 1, 3, 2))).toBe(2.5);
    const values = noise(1000);
    const sorted = values.toSorted();
    expect(medianInPlace(values)).toBe((sorted[499] + sorted[500]) / 2);
  });
});
