import type { Matrix } from '../volume/affine.ts';
import type { Head } from './findHead.ts';

/** What all views of a scan and of its defacings share: taken from the original, so that pictures can be compared. */
export interface ViewFrame {
  /** The smallest box around the original's head, corners in RAS+ mm. */
  readonly minMm: readonly [number, number, number];
  readonly maxMm: readonly [number, number, number];
  /** The largest distance of head from the middle of the box, across the picture of any of the five views. */
  readonly reachMm: number;
  /** Intensity of the skin surface. */
  readonly level: number;
  /** Intensity of the darkest voxel of the original: what counts as nothing. */
  readonly darkest: number;
}

/** The frame of an original. An empty head gives a box of no size, which renders as black pictures. */
export function frameOf({ mask, level, darkest }: Pick<Head, 'mask' | 'level' | 'darkest'>): ViewFrame {
  const { bits, affine: m } = mask;
  const [nx, ny, nz] = mask.shape;
  // x, y, z and the two horizontal diagonals x + y and x - y.
  const min = [Infinity, Infinity, Infinity, Infinity, Infinity];
  const max = [-Infinity, -Infinity, -Infinity, -Infinity, -Infinity];
  for (let k = 0, row = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++, row += nx) {
      let first = 0;
      while (first < nx && bits[row + first] === 0) first++;
      if (first === nx) continue;
      let last = nx - 1;
      while (bits[row + last] === 0) last--;
      include(m, first, j, k, min, max);
      include(m, last, j, k, min, max);
    }
  }
  if (!(min[0] <= max[0])) return { minMm: [0, 0, 0], maxMm: [0, 0, 0], reachMm: 0, level, darkest };
  const sides = [0, 1, 2].map((axis) => max[axis] - min[axis]);
  const across = min[0] + max[0];
  const along = min[1] + max[1];
  const falling = Math.max(max[3] - (across + along) / 2, (across + along) / 2 - min[3]) * Math.SQRT1_2;
  const rising = Math.max(max[4] - (across - along) / 2, (across - along) / 2 - min[4]) * Math.SQRT1_2;
  return {
    minMm: [min[0], min[1], min[2]],
    maxMm: [max[0], max[1], max[2]],
    reachMm: Math.max(...sides.map((side) => side / 2), falling, rising),
    level,
    darkest,
  };
}

function include(m: Matrix, i: number, j: number, k: number, min: number[], max: number[]): void {
  const x = m[0] * i + m[1] * j + m[2] * k + m[3];
  const y = m[4] * i + m[5] * j + m[6] * k + m[7];
  const z = m[8] * i + m[9] * j + m[10] * k + m[11];
  widen(min, max, 0, x);
  widen(min, max, 1, y);
  widen(min, max, 2, z);
  widen(min, max, 3, x + y);
  widen(min, max, 4, x - y);
}

function widen(min: number[], max: number[], entry: number, value: number): void {
  if (value < min[entry]) min[entry] = value;
  if (value > max[entry]) max[entry] = value;
}
