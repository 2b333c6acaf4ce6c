/** How the two statements of FSIM tune their log-Gabor filters. */
export interface FilterDesign {
  readonly orientations: number;
  /** Ratio whose logarithm is the width of a radial filter. */
  readonly sigmaOnf: number;
  /** Weight of a direction by its angle to the filter's, in radians 0 to pi. */
  readonly angular: (angle: number) => number;
}

/** Filters over the whole frequency plane, in the order of the transform, zero frequency first. */
export interface FilterBank {
  /** One for each of the four scales, wavelengths 6, 12, 24 and 48 pixels. */
  readonly radial: readonly Float64Array[];
  /** One for each orientation: one-sided, so responses are complex. */
  readonly angular: readonly Float64Array[];
  /** For each orientation, sums over the filters that the noise estimate of the original needs. */
  readonly power: readonly FilterPower[];
}

export interface FilterPower {
  readonly smallestScaleSquared: number;
  readonly squared: number;
  readonly cross: number;
}

/** Six directions, raised cosine, as the library phasepack is called by the package. */
export const libraryDesign: FilterDesign = {
  orientations: 6,
  sigmaOnf: 0.5978,
  angular: (angle) => (1 + Math.cos(Math.min(3 * angle, Math.PI))) / 2,
};

const spread = Math.PI / 4 / 1.2;
/** Four directions, Gaussian: Zhang, Zhang, Mou and Zhang 2011. */
export const originalDesign: FilterDesign = {
  orientations: 4,
  sigmaOnf: 0.55,
  angular: (angle) => Math.exp(-(angle * angle) / (2 * spread * spread)),
};

const banks = new Map<FilterDesign, Map<string, FilterBank>>();
/** Sizes kept per design; a study uses one. */
const largestCache = 4;

/** The bank for a picture size, made once and kept. */
export function filterBank(design: FilterDesign, width: number, height: number): FilterBank {
  let sizes = banks.get(design);
  if (sizes === undefined) banks.set(design, (sizes = new Map<string, FilterBank>()));
  const key = `${String(width)}x${String(height)}`;
  let bank = sizes.get(key);
  if (bank === undefined) {
    bank = makeBank(design, width, height);
    if (sizes.size >= largestCache) sizes.delete([...sizes.keys()][0]);
    sizes.set(key, bank);
  }
  return bank;
}

/** Frequencies in the order of the transform; an odd side is divided by one less, as both programs do. */
export function frequencies(count: number): Float64Array {
  const divisor = count % 2 === 0 ? count : Math.max(1, count - 1);
  return Float64Array.from(
    { length: count },
    (_, k) => (k < (count + (count % 2)) / 2 ? k : k - count) / divisor,
  );
}

export const lowpass = (rho: number): number => 1 / (1 + Math.pow(rho / 0.45, 30));

function makeBank(design: FilterDesign, width: number, height: number): FilterBank {
  const count = width * height;
  const us = frequencies(width);
  const vs = frequencies(height);
  const radial = [0, 1, 2, 3].map(() => new Float64Array(count));
  const angular = Array.from({ length: design.orientations }, () => new Float64Array(count));
  const logWidth = Math.log(design.sigmaOnf);
  for (let y = 0, n = 0; y < height; y++) {
    for (let x = 0; x < width; x++, n++) {
      const rho = n === 0 ? 1 : Math.sqrt(us[x] * us[x] + vs[y] * vs[y]);
      const theta = Math.atan2(-vs[y], us[x]);
      const low = lowpass(rho);
      for (let s = 0; s < 4; s++) {
        const log = Math.log(rho * 6 * (1 << s));
        radial[s][n] = n === 0 ? 0 : Math.exp(-(log * log) / (2 * logWidth * logWidth)) * low;
      }
      for (let o = 0; o < design.orientations; o++) {
        const difference = theta - (o * Math.PI) / design.orientations;
        angular[o][n] = design.angular(Math.abs(Math.atan2(Math.sin(difference), Math.cos(difference))));
      }
    }
  }
  return { radial, angular, power: angular.map((one) => powerOf(radial, one, width, height)) };
}

/**
 * The sums over the even parts of the filters' responses to a point, taken in the frequency plane (Parseval): the even
 * part of a response is the mean of a filter and its point reflection.
 */
function powerOf(
  radial: readonly Float64Array[],
  angular: Float64Array,
  width: number,
  height: number,
): FilterPower {
  let smallestScaleSquared = 0;
  let squared = 0;
  let cross = 0;
  const even = new Float64Array(4);
  for (let y = 0, n = 0; y < height; y++) {
    const opposite = ((height - y) % height) * width;
    for (let x = 0; x < width; x++, n++) {
      const m = opposite + ((width - x) % width);
      const first = radial[0][n] * angular[n];
      smallestScaleSquared += first * first;
      for (let s = 0; s < 4; s++) even[s] = (radial[s][n] * angular[n] + radial[s][m] * angular[m]) / 2;
      for (let s = 0; s < 4; s++) {
        squared += even[s] * even[s];
        for (let t = s + 1; t < 4; t++) cross += even[s] * even[t];
      }
    }
  }
  return { smallestScaleSquared, squared, cross };
}
