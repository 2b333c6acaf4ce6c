import { invert, spacingOf, type Matrix, type WorldTransform } from '../volume/affine.ts';
import type { Grid } from '../volume/volume.ts';
import type { SkinMesh } from './skinMesh.ts';

/** Points of the outer skin: three numbers a point for positions, normals and places, one for areas. */
export interface SkinPoints {
  readonly count: number;
  /** World mm of the scan. */
  readonly positions: Float32Array;
  /** Unit vectors out of the head. */
  readonly normals: Float32Array;
  /** The same places in template mm. */
  readonly placed: Float32Array;
  /** Skin that each point stands for, mm2. */
  readonly areas: Float32Array;
}

/** Skin is seen when nothing of the head lies within this distance in front of it: inside nostrils something does. */
const openMm = 25;
const firstStepMm = 4;
const stepMm = 2;
/** Nearer to the border of the field than this, a surface may be the cut of the field and not skin. */
const borderMm = 3;
const borderVoxels = 0.8;

/**
 * The vertices of a head's surface that are outer skin: not the walls of cavities, nor the flat cuts where the field of
 * view ends. `grid` is the scan's.
 */
export function skinPoints(
  { mesh, field }: SkinMesh,
  grid: Grid,
  scanToTemplate: WorldTransform,
): SkinPoints {
  const { positions: p, normals } = mesh;
  const allAreas = vertexAreas(mesh);
  const inGrid = insideOf(grid);
  const tissue = tissueOf(field);
  const kept: number[] = [];
  for (let v = 0, at = 0; v < allAreas.length; v++, at += 3) {
    const [x, y, z] = [p[at], p[at + 1], p[at + 2]];
    if (!inGrid(x, y, z)) continue;
    const [nx, ny, nz] = [normals[at], normals[at + 1], normals[at + 2]];
    let open = true;
    for (let mm = firstStepMm; mm <= openMm && open; mm += stepMm)
      open = !tissue(x + mm * nx, y + mm * ny, z + mm * nz);
    if (open) kept.push(v);
  }
  const count = kept.length;
  const positions = new Float32Array(3 * count);
  const turned = new Float32Array(3 * count);
  const placed = new Float32Array(3 * count);
  const areas = new Float32Array(count);
  const m = scanToTemplate;
  for (let n = 0; n < count; n++) {
    const from = 3 * kept[n];
    const [x, y, z] = [p[from], p[from + 1], p[from + 2]];
    positions.set([x, y, z], 3 * n);
    turned.set(normals.subarray(from, from + 3), 3 * n);
    placed[3 * n] = m[0] * x + m[1] * y + m[2] * z + m[3];
    placed[3 * n + 1] = m[4] * x + m[5] * y + m[6] * z + m[7];
    placed[3 * n + 2] = m[8] * x + m[9] * y + m[10] * z + m[11];
    areas[n] = allAreas[kept[n]];
  }
  return { count, positions, normals: turned, placed, areas };
}

type AtPlace = (x: number, y: number, z: number) => boolean;

/** Whether a place in world mm lies in a grid and not at its border. */
function insideOf({ shape, affine }: Grid): AtPlace {
  const m: Matrix = invert(affine);
  const border = spacingOf(affine).map((mm) => Math.max(borderVoxels, borderMm / mm - 0.5));
  return (x, y, z) => {
    for (let axis = 0, r = 0; axis < 3; axis++, r += 4) {
      const c = m[r] * x + m[r + 1] * y + m[r + 2] * z + m[r + 3];
      if (c < border[axis] || c > shape[axis] - 1 - border[axis]) return false;
    }
    return true;
  };
}

/** Whether there is tissue at a place in world mm. */
function tissueOf({ shape: [nx, ny, nz], affine, values }: SkinMesh['field']): AtPlace {
  const m = invert(affine);
  return (x, y, z) => {
    const i = Math.round(m[0] * x + m[1] * y + m[2] * z + m[3]);
    const j = Math.round(m[4] * x + m[5] * y + m[6] * z + m[7]);
    const k = Math.round(m[8] * x + m[9] * y + m[10] * z + m[11]);
    return i >= 0 && j >= 0 && k >= 0 && i < nx && j < ny && k < nz && values[i + nx * (j + ny * k)] > 1;
  };
}

/** A third of each triangle for each of its corners, mm2. */
function vertexAreas({ positions: p, indices }: SkinMesh['mesh']): Float32Array {
  const areas = new Float32Array(p.length / 3);
  for (let t = 0; t < indices.length; t += 3) {
    const a = indices[t] * 3;
    const b = indices[t + 1] * 3;
    const c = indices[t + 2] * 3;
    const ux = p[b] - p[a];
    const uy = p[b + 1] - p[a + 1];
    const uz = p[b + 2] - p[a + 2];
    const vx = p[c] - p[a];
    const vy = p[c + 1] - p[a + 1];
    const vz = p[c + 2] - p[a + 2];
    const x = uy * vz - uz * vy;
    const y = uz * vx - ux * vz;
    const z = ux * vy - uy * vx;
    const third = Math.sqrt(x * x + y * y + z * z) / 6;
    areas[indices[t]] += third;
    areas[indices[t + 1]] += third;
    areas[indices[t + 2]] += third;
  }
  return areas;
}
