import { bandsOf, lumaOf, requireSameKind, type Picture } from './bands.ts';
import { libraryGradient, originalGradient } from './gradients.ts';
import { libraryPhaseCongruency, originalPhaseCongruency, type Band } from './phaseCongruency.ts';

/** What FSIM needs of one picture: computed once for a reference, then compared with many. */
export interface FsimMaps {
  readonly congruency: Float64Array;
  readonly gradient: Float64Array;
}

export interface PreparedPicture {
  readonly picture: Picture;
  /** One for each band that is compared. */
  readonly maps: readonly FsimMaps[];
}

/** For `fsimReference`: brightness, shrunk so that the shorter side is about 256 pixels. */
export function prepareReferenceFsim(picture: Picture): PreparedPicture {
  const band = shrunk(lumaOf(picture));
  return {
    picture,
    maps: [{ congruency: originalPhaseCongruency(band).map, gradient: originalGradient(band) }],
  };
}

/** For `fsimLibrary`: each band alone, at full size. */
export function prepareLibraryFsim(picture: Picture): PreparedPicture {
  return {
    picture,
    maps: distinctBands(picture).map((band) => ({
      congruency: libraryPhaseCongruency(band).map,
      gradient: libraryGradient(band),
    })),
  };
}

/**
 * FSIM of Zhang, Zhang, Mou and Zhang (IEEE Trans. Image Processing 20, 2011), 0 to 1, higher is more alike. The bare
 * formula: NaN where it is undefined (a constant picture).
 */
export function fsimReference(reference: PreparedPicture, test: Picture): number {
  requireSameKind(reference.picture, test);
  return pooledMean(reference.maps, prepareReferenceFsim(test).maps);
}

/**
 * FSIM as the Python package image-similarity-measures 0.3.7 computes it with phasepack 1.5, its faults included: 0 to
 * 1, higher is more alike. The bare formula: NaN where the package gives NaN.
 */
export function fsimLibrary(reference: PreparedPicture, test: Picture): number {
  requireSameKind(reference.picture, test);
  const tested = prepareLibraryFsim(test).maps;
  // Three equal bands are prepared as one.
  const count = Math.max(reference.maps.length, tested.length);
  const all = (maps: readonly FsimMaps[]): FsimMaps[] =>
    Array.from({ length: count }, (_, n) => maps[maps.length === 1 ? 0 : n]);
  return pooledMean(all(reference.maps), all(tested));
}

function pooledMean(reference: readonly FsimMaps[], test: readonly FsimMaps[]): number {
  return reference.reduce((sum, maps, n) => sum + pooled(maps, test[n]), 0) / reference.length;
}

export function pooled(r: FsimMaps, t: FsimMaps): number {
  const t1 = 0.85;
  const t2 = 160;
  let sum = 0;
  let weights = 0;
  for (let n = 0; n < r.congruency.length; n++) {
    const pr = r.congruency[n];
    const pt = t.congruency[n];
    const gr = r.gradient[n];
    const gt = t.gradient[n];
    const weight = Math.max(pr, pt);
    const phase = (2 * pr * pt + t1) / (pr * pr + pt * pt + t1);
    sum += ((phase * (2 * gr * gt + t2)) / (gr * gr + gt * gt + t2)) * weight;
    weights += weight;
  }
  return sum / weights;
}

function distinctBands(picture: Picture): Band[] {
  const bands = bandsOf(picture);
  const [first, ...others] = bands;
  return others.every(({ values }) => values.every((value, n) => value === first.values[n]))
    ? [first]
    : bands;
}

/** Means over F x F pixels, every F-th kept, F the shorter side over 256, halves up; zeros outside. */
export function shrunk(band: Band): Band {
  const { width, height, values } = band;
  const factor = Math.max(1, Math.floor(Math.min(width, height) / 256 + 0.5));
  if (factor === 1) return band;
  const w = Math.ceil(width / factor);
  const h = Math.ceil(height / factor);
  const before = Math.floor((factor - 1) / 2);
  const out = new Float64Array(w * h);
  for (let j = 0, n = 0; j < h; j++) {
    const top = j * factor - before;
    for (let i = 0; i < w; i++, n++) {
      const left = i * factor - before;
      let sum = 0;
      for (let y = Math.max(0, top); y < Math.min(height, top + factor); y++) {
        for (let x = Math.max(0, left); x < Math.min(width, left + factor); x++) sum += values[x + width * y];
      }
      out[n] = sum / (factor * factor);
    }
  }
  return { width: w, height: h, values: out };
}
