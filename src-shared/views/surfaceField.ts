import { affineOf, spacingOf, type Affine } from '../volume/affine.ts';
import { canonicalVolume } from '../volume/canonical.ts';
import { withoutSmallPieces } from '../volume/components.ts';
import { signedDistance } from '../volume/distance.ts';
import { blockMean } from '../volume/downsample.ts';
import type { Shape, Volume } from '../volume/volume.ts';
import { binomialSmooth, passesFor } from './binomial.ts';
import { clampedToLevel, surfaceSigmaMm } from './findHead.ts';

/** A smooth scalar field whose surface is where it crosses 1: above 1 tissue, below air. Its border is 0. */
export interface SurfaceField {
  readonly shape: Shape;
  readonly affine: Affine;
  readonly values: Float32Array;
}

/** Also the field once more smoothed, whose gradient gives the normals: free of the steps of single voxels. */
export interface ShadedField extends SurfaceField {
  readonly shading: Float32Array;
}

/** Voxels of air added around the grid, so that a head cut by the field of view is closed there. */
const margin = 3;
/** Pieces smaller than this that hang in the air are noise. */
const leastPieceMl = 0.3;

/**
 * The field that views are cast into: canonical axes; very fine axes averaged to about 0.7 mm and thick slices refined to
 * about 1.2 mm by a cubic B-spline, which smooths and never overshoots; intensities clamped at twice the level before a
 * light smoothing, so that a cut edge stands where the voxels end and does not bulge with bright tissue.
 */
export function surfaceField(
  volume: Volume,
  { level, darkest }: { level: number; darkest: number },
): SurfaceField {
  const canonical = canonicalVolume(volume);
  const finest = spacingOf(canonical.affine).map((mm) => Math.max(1, Math.floor(0.95 / mm)));
  const averaged = finest.some((f) => f > 1)
    ? blockMean(canonical, [finest[0], finest[1], finest[2]])
    : canonical;
  let field = padded(averaged, clampedToLevel(averaged, level, darkest));
  const thick = thickAxis(field);
  if (thick !== null) field = outlines(field, thick);
  for (let axis = 0; axis < 3; axis++) {
    const factor = Math.round(spacingOf(field.affine)[axis] / 1.2);
    if (factor > 1) field = refined(field, axis, factor);
  }
  smooth(field.values, field);
  dropSpecks(field);
  return field;
}

export function shadedField(volume: Volume, head: { level: number; darkest: number }): ShadedField {
  const field = surfaceField(volume, head);
  const shading = field.values.slice();
  smooth(shading, field);
  return { ...field, shading };
}

function smooth(values: Float32Array, { shape, affine }: SurfaceField): void {
  const [x, y, z] = spacingOf(affine).map((mm) => passesFor(surfaceSigmaMm, mm));
  binomialSmooth(values, shape, [x, y, z]);
}

/** The axis along which slices are much thicker than their pixels, null where none is. */
function thickAxis({ affine }: SurfaceField): number | null {
  const spacing = spacingOf(affine);
  const axis = spacing.indexOf(Math.max(...spacing));
  const others = Math.max(...spacing.filter((_, a) => a !== axis));
  return spacing[axis] >= 1.8 && spacing[axis] >= 1.5 * others ? axis : null;
}

/** Reach of the distances between outlines, in mm: what two neighbouring thick slices may shift against each other. */
const outlineReachMm = 20;

/**
 * Each slice as the distance to its outline, 1 on it: between thick slices outlines are interpolated, not brightness,
 * which would give terraces (shape-based interpolation: Raya and Udupa 1990).
 */
function outlines({ shape, affine: m, values }: SurfaceField, axis: number): SurfaceField {
  const bits = new Uint8Array(values.length);
  for (let n = 0; n < bits.length; n++) bits[n] = values[n] > 1 ? 1 : 0;
  const clean = withoutSmallPieces({ shape, affine: m, bits }, { leastMl: leastPieceMl });
  // Slices drawn so far apart that no distance reaches from one to the next.
  const apart = [1, 1, 1];
  apart[axis] = 1000;
  const distance = signedDistance(
    { ...clean, affine: shifted(m, [0, 0, 0], apart) },
    { saturateMm: outlineReachMm },
  );
  for (let n = 0; n < distance.length; n++) {
    const value = 1 - distance[n] / outlineReachMm;
    distance[n] = value > 0 ? value : 0;
  }
  return { shape, affine: m, values: distance };
}

function padded({ shape: [nx, ny, nz], affine: m }: Volume, values: Float32Array): SurfaceField {
  const shape: Shape = [nx + 2 * margin, ny + 2 * margin, nz + 2 * margin];
  const out = new Float32Array(shape[0] * shape[1] * shape[2]);
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const from = nx * (j + ny * k);
      out.set(values.subarray(from, from + nx), margin + shape[0] * (j + margin + shape[1] * (k + margin)));
    }
  }
  return { shape, affine: shifted(m, [-margin, -margin, -margin], [1, 1, 1]), values: out };
}

function shifted(m: Affine, first: readonly number[], step: readonly number[]): Affine {
  const rows = [0, 4, 8].flatMap((r) => [
    m[r] * step[0],
    m[r + 1] * step[1],
    m[r + 2] * step[2],
    m[r] * first[0] + m[r + 1] * first[1] + m[r + 2] * first[2] + m[r + 3],
  ]);
  return affineOf(rows as unknown as Affine);
}

/** `factor` samples for each one along `axis`, by the uniform cubic B-spline of the values. The border stays 0. */
function refined({ shape, affine, values }: SurfaceField, axis: number, factor: number): SurfaceField {
  const count = shape[axis];
  const fine = (count - 1) * factor + 1;
  const newShape = shape.map((n, a) => (a === axis ? fine : n)) as unknown as Shape;
  const step = [1, 1, 1];
  step[axis] = 1 / factor;
  const out = new Float32Array(newShape[0] * newShape[1] * newShape[2]);
  const inner = axis === 0 ? 1 : axis === 1 ? shape[0] : shape[0] * shape[1];
  const outer = values.length / (inner * count);
  for (let block = 0; block < outer; block++) {
    const from = block * inner * count;
    const to = block * inner * fine;
    for (let n = factor; n < fine - factor; n++) {
      const base = Math.floor(n / factor);
      const t = (n - base * factor) / factor;
      const s = 1 - t;
      const w0 = (s * s * s) / 6;
      const w1 = (4 - 6 * t * t + 3 * t * t * t) / 6;
      const w2 = (4 - 6 * s * s + 3 * s * s * s) / 6;
      const w3 = (t * t * t) / 6;
      const p1 = from + base * inner;
      const p3 = base + 2 < count ? p1 + 2 * inner : p1 + inner;
      for (let x = 0, row = to + n * inner; x < inner; x++) {
        out[row + x] =
          w0 * values[p1 - inner + x] +
          w1 * values[p1 + x] +
          w2 * values[p1 + inner + x] +
          w3 * values[p3 + x];
      }
    }
  }
  return { shape: newShape, affine: shifted(affine, [0, 0, 0], step), values: out };
}

/** Pushes small pieces that hang in the air below the surface. */
function dropSpecks({ shape, affine, values }: SurfaceField): void {
  const bits = new Uint8Array(values.length);
  for (let n = 0; n < bits.length; n++) bits[n] = values[n] > 1 ? 1 : 0;
  const kept = withoutSmallPieces({ shape, affine, bits }, { leastMl: leastPieceMl }).bits;
  for (let n = 0; n < bits.length; n++) if (bits[n] !== kept[n]) values[n] = 0.9;
}
