import { applyMatrix } from '../volume/affine.ts';
import type { Volume } from '../volume/volume.ts';

/** A triangle mesh in world mm: three numbers a vertex, three indices a triangle, unit normals pointing out of the head. */
export interface Mesh {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly indices: Uint32Array;
}

/**
 * The surface where a volume crosses `level`, one vertex in each cell of eight voxels that it crosses (naive surface
 * nets: Gibson 1998, "Constrained elastic surface nets"). Values above the level are inside. Outside the grid counts
 * as air, so that a head which touches the border is closed there.
 */
export function surfaceNets(volume: Volume, level: number): Mesh {
  const [nx, ny, nz] = volume.shape;
  const { values } = volume;
  const at = (i: number, j: number, k: number): number =>
    i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz ? -level : values[i + nx * (j + ny * k)] - level;
  const solid = solidWithBorder(volume, level);

  // Cell (i, j, k) spans voxels i-1..i; its corners are numbered x + 2 y + 4 z.
  const rowCells = nx + 1;
  const layerCells = rowCells * (ny + 1);
  let below = new Int32Array(layerCells);
  let here = new Int32Array(layerCells);
  const positions: number[] = [];
  const indices: number[] = [];
  const corner = new Float64Array(8);

  for (let k = 0; k <= nz; k++) {
    here.fill(-1);
    for (let j = 0; j <= ny; j++) {
      // The four rows of voxels around this row of cells; each step along them brings four new corners.
      const row = (nx + 2) * (j + (ny + 2) * k);
      const far = row + (nx + 2) * (ny + 2);
      let inside = 0;
      for (let i = 0; i <= nx; i++) {
        const r = row + i + 1;
        const f = far + i + 1;
        inside =
          ((inside >> 1) & 0b01010101) |
          (solid[r] << 1) |
          (solid[r + nx + 2] << 3) |
          (solid[f] << 5) |
          (solid[f + nx + 2] << 7);
        if (inside === 0 || inside === 255) continue;
        for (let c = 0; c < 8; c++) {
          corner[c] = at(i - 1 + (c & 1), j - 1 + ((c >> 1) & 1), k - 1 + (c >> 2));
        }
        const cell = i + rowCells * j;
        here[cell] = positions.length / 3;
        const [x, y, z] = crossing(corner);
        positions.push(i - 1 + x, j - 1 + y, k - 1 + z);
        const first = (inside & 1) === 1;
        if (i > 0 && j > 0 && first !== (((inside >> 4) & 1) === 1)) {
          quad(indices, first, here[cell], here[cell - 1], here[cell - 1 - rowCells], here[cell - rowCells]);
        }
        if (i > 0 && k > 0 && first !== (((inside >> 2) & 1) === 1)) {
          quad(indices, !first, here[cell], here[cell - 1], below[cell - 1], below[cell]);
        }
        if (j > 0 && k > 0 && first !== (((inside >> 1) & 1) === 1)) {
          quad(indices, first, here[cell], here[cell - rowCells], below[cell - rowCells], below[cell]);
        }
      }
    }
    [below, here] = [here, below];
  }
  return finish(volume, Float32Array.from(positions), Uint32Array.from(indices));
}

/** 1 where a value is above the level, with a border of 0 around. */
function solidWithBorder({ shape: [nx, ny, nz], values }: Volume, level: number): Uint8Array {
  const solid = new Uint8Array((nx + 2) * (ny + 2) * (nz + 2));
  for (let k = 0, n = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = 1 + (nx + 2) * (j + 1 + (ny + 2) * (k + 1));
      for (let i = 0; i < nx; i++, n++) if (values[n] - level > 0) solid[row + i] = 1;
    }
  }
  return solid;
}

/** Mean of the points where the twelve edges of a cell cross zero, in 0..1 of the cell. */
function crossing(corner: Float64Array): [number, number, number] {
  let x = 0;
  let y = 0;
  let z = 0;
  let n = 0;
  for (let a = 0; a < 8; a++) {
    for (let axis = 1; axis < 8; axis <<= 1) {
      if ((a & axis) !== 0) continue;
      const b = a | axis;
      if (corner[a] > 0 === corner[b] > 0) continue;
      const t = corner[a] / (corner[a] - corner[b]);
      x += (a & 1) + (axis === 1 ? t : 0);
      y += ((a >> 1) & 1) + (axis === 2 ? t : 0);
      z += (a >> 2) + (axis === 4 ? t : 0);
      n++;
    }
  }
  return [x / n, y / n, z / n];
}

function quad(indices: number[], flip: boolean, a: number, b: number, c: number, d: number): void {
  if (flip) indices.push(a, b, c, a, c, d);
  else indices.push(a, c, b, a, d, c);
}

/** Voxel to world positions, and normals as the area-weighted mean of the triangles around a vertex. */
function finish(volume: Volume, positions: Float32Array, indices: Uint32Array): Mesh {
  const m = volume.affine;
  for (let p = 0; p < positions.length; p += 3) {
    const [x, y, z] = applyMatrix(m, positions[p], positions[p + 1], positions[p + 2]);
    positions[p] = x;
    positions[p + 1] = y;
    positions[p + 2] = z;
  }
  const mirrored =
    m[0] * (m[5] * m[10] - m[6] * m[9]) -
      m[1] * (m[4] * m[10] - m[6] * m[8]) +
      m[2] * (m[4] * m[9] - m[5] * m[8]) <
    0;
  if (mirrored) {
    for (let t = 0; t < indices.length; t += 3) {
      const second = indices[t + 1];
      indices[t + 1] = indices[t + 2];
      indices[t + 2] = second;
    }
  }
  return { positions, normals: normalsOf(positions, indices), indices };
}

function normalsOf(positions: Float32Array, indices: Uint32Array): Float32Array {
  const normals = new Float32Array(positions.length);
  for (let t = 0; t < indices.length; t += 3) {
    const a = indices[t] * 3;
    const b = indices[t + 1] * 3;
    const c = indices[t + 2] * 3;
    const ux = positions[b] - positions[a];
    const uy = positions[b + 1] - positions[a + 1];
    const uz = positions[b + 2] - positions[a + 2];
    const vx = positions[c] - positions[a];
    const vy = positions[c + 1] - positions[a + 1];
    const vz = positions[c + 2] - positions[a + 2];
    const nx = uy * vz - uz * vy;
    const ny = uz * vx - ux * vz;
    const nz = ux * vy - uy * vx;
    for (const vertex of [a, b, c]) {
      normals[vertex] += nx;
      normals[vertex + 1] += ny;
      normals[vertex + 2] += nz;
    }
  }
  for (let p = 0; p < normals.length; p += 3) {
    const length = Math.hypot(normals[p], normals[p + 1], normals[p + 2]) || 1;
    normals[p] /= length;
    normals[p + 1] /= length;
    normals[p + 2] /= length;
  }
  return normals;
}
