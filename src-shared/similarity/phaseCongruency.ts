import type { ComplexArrays } from './fft.ts';
import { fft2d, inverseFft2d } from './fft2d.ts';
import { filterBank, libraryDesign, originalDesign, type FilterDesign } from './filterBank.ts';
import { medianInPlace } from './median.ts';

/** One band of a picture, rows from the top. */
export interface Band {
  readonly width: number;
  readonly height: number;
  readonly values: Float64Array;
}

export interface PhaseCongruency {
  readonly map: Float64Array;
  /** Noise threshold of each orientation. */
  readonly thresholds: readonly number[];
}

const eps = 0.0001;

/**
 * Phase congruency as the library phasepack 1.5 computes it for the package (Kovesi 1999): the plain sum over six
 * orientations of weighted energy over amplitude, 0 to 6. NaN at every pixel of a constant picture.
 */
export function libraryPhaseCongruency(band: Band): PhaseCongruency {
  const count = band.values.length;
  const map = new Float64Array(count);
  const thresholds: number[] = [];
  forEachOrientation(band, libraryDesign, (responses) => {
    const amplitude = new Float64Array(count);
    const [{ re, im }] = responses;
    for (let n = 0; n < count; n++) amplitude[n] = Math.sqrt(re[n] * re[n] + im[n] * im[n]);
    const tau = medianInPlace(amplitude) / Math.sqrt(Math.log(4));
    const total = 1.875 * tau;
    const threshold = Math.max(
      total * Math.sqrt(Math.PI / 2) + 2 * total * Math.sqrt((4 - Math.PI) / 2),
      eps,
    );
    thresholds.push(threshold);
    addLibrary(responses, threshold, map);
  });
  return { map, thresholds };
}

function addLibrary(responses: readonly ComplexArrays[], threshold: number, map: Float64Array): void {
  const [a, b, c, d] = responses;
  for (let n = 0; n < map.length; n++) {
    const e0 = a.re[n], e1 = b.re[n], e2 = c.re[n], e3 = d.re[n]; // prettier-ignore
    const o0 = a.im[n], o1 = b.im[n], o2 = c.im[n], o3 = d.im[n]; // prettier-ignore
    const a0 = Math.sqrt(e0 * e0 + o0 * o0);
    const a1 = Math.sqrt(e1 * e1 + o1 * o1);
    const a2 = Math.sqrt(e2 * e2 + o2 * o2);
    const a3 = Math.sqrt(e3 * e3 + o3 * o3);
    const sum = a0 + a1 + a2 + a3;
    const energy = energyOf(e0, e1, e2, e3, o0, o1, o2, o3) - threshold;
    if (energy > 0) {
      const width = (sum / (Math.max(a0, a1, a2, a3) + eps) - 1) / 3;
      map[n] += energy / sum / (1 + Math.exp(10 * (0.5 - width)));
    } else if (!(sum > 0)) map[n] = NaN;
  }
}

/**
 * Phase congruency of the original FSIM (Zhang, Zhang, Mou and Zhang 2011): energy above noise over amplitude, both
 * summed over four orientations, 0 to 1. NaN at every pixel of a constant picture.
 */
export function originalPhaseCongruency(band: Band): PhaseCongruency {
  const count = band.values.length;
  const map = new Float64Array(count);
  const amplitudes = new Float64Array(count);
  const thresholds: number[] = [];
  const { power } = filterBank(originalDesign, band.width, band.height);
  forEachOrientation(band, originalDesign, (responses, o) => {
    const squares = new Float64Array(count);
    const [{ re, im }] = responses;
    for (let n = 0; n < count; n++) squares[n] = re[n] * re[n] + im[n] * im[n];
    const noise = medianInPlace(squares) / Math.LN2 / power[o].smallestScaleSquared;
    const t = Math.sqrt((2 * noise * power[o].squared + 4 * noise * power[o].cross) / 2);
    const threshold = (t * Math.sqrt(Math.PI / 2) + 2 * t * Math.sqrt(2 - Math.PI / 2)) / 1.7;
    thresholds.push(threshold);
    addOriginal(responses, threshold, map, amplitudes);
  });
  for (let n = 0; n < count; n++) map[n] /= amplitudes[n];
  return { map, thresholds };
}

function addOriginal(
  [a, b, c, d]: readonly ComplexArrays[],
  threshold: number,
  energies: Float64Array,
  amplitudes: Float64Array,
): void {
  for (let n = 0; n < energies.length; n++) {
    const e0 = a.re[n], e1 = b.re[n], e2 = c.re[n], e3 = d.re[n]; // prettier-ignore
    const o0 = a.im[n], o1 = b.im[n], o2 = c.im[n], o3 = d.im[n]; // prettier-ignore
    amplitudes[n] +=
      Math.sqrt(e0 * e0 + o0 * o0) +
      Math.sqrt(e1 * e1 + o1 * o1) +
      Math.sqrt(e2 * e2 + o2 * o2) +
      Math.sqrt(e3 * e3 + o3 * o3);
    const energy = energyOf(e0, e1, e2, e3, o0, o1, o2, o3) - threshold;
    if (energy > 0) energies[n] += energy;
  }
}

// prettier-ignore
function energyOf(
  e0: number, e1: number, e2: number, e3: number, o0: number, o1: number, o2: number, o3: number,
): number {
  const even = e0 + e1 + e2 + e3;
  const odd = o0 + o1 + o2 + o3;
  const length = Math.sqrt(even * even + odd * odd) + eps;
  const e = even / length;
  const f = odd / length;
  return (
    e0 * e + o0 * f - Math.abs(e0 * f - o0 * e) + (e1 * e + o1 * f - Math.abs(e1 * f - o1 * e)) +
    (e2 * e + o2 * f - Math.abs(e2 * f - o2 * e)) + (e3 * e + o3 * f - Math.abs(e3 * f - o3 * e))
  );
}

/** The four complex responses (even part real, odd part imaginary) of each orientation in turn; arrays are reused. */
function forEachOrientation(
  { width, height, values }: Band,
  design: FilterDesign,
  use: (responses: readonly ComplexArrays[], orientation: number) => void,
): void {
  const bank = filterBank(design, width, height);
  const count = values.length;
  const spectrum = { re: values.slice(), im: new Float64Array(count) };
  if (isConstant(values)) spectrum.re.fill(0);
  else fft2d(spectrum, width, height);
  const responses = bank.radial.map(() => ({ re: new Float64Array(count), im: new Float64Array(count) }));
  for (let o = 0; o < design.orientations; o++) {
    const angular = bank.angular[o];
    for (let s = 0; s < 4; s++) {
      const radial = bank.radial[s];
      const { re, im } = responses[s];
      for (let n = 0; n < count; n++) {
        const weight = radial[n] * angular[n];
        re[n] = spectrum.re[n] * weight;
        im[n] = spectrum.im[n] * weight;
      }
      inverseFft2d(responses[s], width, height);
    }
    use(responses, o);
  }
}

/** Rounding must not put a response where there is none. */
function isConstant(values: Float64Array): boolean {
  for (const value of values) if (value !== values[0]) return false;
  return true;
}
