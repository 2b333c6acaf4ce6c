import type { FeatureValue } from '../features/feature.ts';
import type { FaceSurface } from '../regions/faceSurface.ts';
import { quantile } from '../stats/quantile.ts';
import { resample } from '../volume/resample.ts';
import type { Volume } from '../volume/volume.ts';
import { faceShell, type FaceShell } from './faceShell.ts';
import { firstOrder, histogram } from './firstOrder.ts';
import { glcm } from './glcm.ts';
import type { Predictor, PredictorValues } from './predictor.ts';

/** Grey levels of the co-occurrence matrix. */
export const greyLevels = 32;

const entry = (
  id: string,
  title: string,
  unit: string,
  range: readonly [number, number],
  description: string,
): Predictor => ({
  ...{ id, version: 1, title, unit, range, better: 'neither', help: 'texture', group: 'texture' },
  description: `${description} In the shell 8 mm deep under the skin of the original's face, read in the defacing.`,
});
const most = Math.log2(greyLevels);

/** First-order and GLCM texture of the face shell of a defacing (IBSI). Source: resources/help/features/texture.md. */
export const texturePredictors: readonly Predictor[] = [
  entry('texture_mean', 'Face shell, mean', 'ratio', [0, 1], 'Mean intensity, as a share of the original\'s range there.'),
  entry('texture_variance', 'Face shell, variance', 'ratio', [0, 0.25], 'Variance of the intensity.'),
  entry('texture_skewness', 'Face shell, skewness', 'ratio', [-Infinity, Infinity], 'Skewness of the intensity.'),
  entry('texture_kurtosis', 'Face shell, excess kurtosis', 'ratio', [-2, Infinity], 'Excess kurtosis of the intensity.'),
  entry('texture_p10', 'Face shell, 10th percentile', 'ratio', [0, 1], '10th percentile of the intensity.'),
  entry('texture_p90', 'Face shell, 90th percentile', 'ratio', [0, 1], '90th percentile of the intensity.'),
  entry('texture_entropy', 'Face shell, entropy', 'bit', [0, most], 'Entropy of 32 grey levels.'),
  entry('texture_uniformity', 'Face shell, uniformity', 'ratio', [0, 1], 'Uniformity of 32 grey levels.'),
  entry('texture_glcm_contrast', 'Face shell, contrast', 'ratio', [0, (greyLevels - 1) ** 2], 'Mean squared difference of neighbouring grey levels.'),
  entry('texture_glcm_dissimilarity', 'Face shell, dissimilarity', 'ratio', [0, greyLevels - 1], 'Mean difference of neighbouring grey levels.'),
  entry('texture_glcm_homogeneity', 'Face shell, homogeneity', 'ratio', [0, 1], 'Inverse difference moment of neighbouring grey levels.'),
  entry('texture_glcm_correlation', 'Face shell, correlation', 'ratio', [-1, 1], 'Correlation of neighbouring grey levels.'),
  entry('texture_glcm_entropy', 'Face shell, joint entropy', 'bit', [0, 2 * most], 'Joint entropy of neighbouring grey levels.'),
  entry('texture_glcm_energy', 'Face shell, joint energy', 'ratio', [0, 1], 'Angular second moment of neighbouring grey levels.'),
]; // prettier-ignore

/** What the texture of all defacings of one original is measured by. */
export interface ShellScale {
  readonly shell: FaceShell;
  /** Intensity of nothing and of the brightest tissue of the original's shell (its 99th percentile). */
  readonly low: number;
  readonly high: number;
}

/** Fewer cubes than this are no face. */
const leastVoxels = 1000;

/** Shell and intensity scale of an original, or why there are none. Made once for all its defacings. */
export function shellScale(original: Volume, surface: FaceSurface, darkest: number): ShellScale | string {
  if (surface.reason !== null) return surface.reason;
  const shell = faceShell(surface);
  if (shell === null || shell.voxels < leastVoxels) return 'The image shows too little of the face.';
  const high = quantile(shellValues(original, shell), 0.99);
  if (!(high > darkest)) return 'The original shows nothing under the skin of the face.';
  return { shell, low: darkest, high };
}

const shellValues = (image: Volume, { grid, bits }: FaceShell): Float64Array =>
  Float64Array.from(resample(image, { onto: grid }).values).filter((_, n) => bits[n] === 1);

/** Intensities of a defacing in the shell: 0 is nothing, 1 the brightest tissue of the original's shell. */
export function shellIntensities(defaced: Volume, { shell, low, high }: ShellScale): Float64Array {
  return Float64Array.from(resample(defaced, { onto: shell.grid, outside: low }).values, (value) => {
    const share = (value - low) / (high - low);
    return share >= 1 ? 1 : share > 0 ? share : 0;
  });
}

/** Grey level 1 to 32 of an intensity 0 to 1, in steps of 1/32; 0 outside the region. */
export const greyLevelsOf = (intensities: Float64Array, bits: Uint8Array): Uint8Array =>
  Uint8Array.from(intensities, (value, n) =>
    bits[n] === 1 ? Math.min(greyLevels, Math.floor(value * greyLevels) + 1) : 0,
  );

/** The fourteen numbers of one defacing; a face that could not be found gives the reason for each. */
export function shellTexture(defaced: Volume, scale: ShellScale | string): PredictorValues {
  if (typeof scale === 'string')
    return Object.fromEntries(texturePredictors.map(({ id }) => [id, { value: null, reason: scale }]));
  const { bits, grid } = scale.shell;
  const intensities = shellIntensities(defaced, scale);
  const order = firstOrder(intensities.filter((_, n) => bits[n] === 1));
  const grey = greyLevelsOf(intensities, bits);
  const levels = histogram(grey, greyLevels);
  const pairs = glcm(grey, grid.shape, greyLevels);
  const ofPairs = (value: number | undefined): FeatureValue =>
    value === undefined ? { value: null, reason: 'No two cubes of the shell touch.' } : { value };
  return {
    texture_mean: { value: order.mean },
    texture_variance: { value: order.variance },
    texture_skewness: { value: order.skewness },
    texture_kurtosis: { value: order.excessKurtosis },
    texture_p10: { value: order.p10 },
    texture_p90: { value: order.p90 },
    texture_entropy: { value: levels.entropy },
    texture_uniformity: { value: levels.uniformity },
    texture_glcm_contrast: ofPairs(pairs?.contrast),
    texture_glcm_dissimilarity: ofPairs(pairs?.dissimilarity),
    texture_glcm_homogeneity: ofPairs(pairs?.homogeneity),
    texture_glcm_correlation: ofPairs(pairs?.correlation),
    texture_glcm_entropy: ofPairs(pairs?.jointEntropy),
    texture_glcm_energy: ofPairs(pairs?.angularSecondMoment),
  };
}
