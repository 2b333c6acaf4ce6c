import { invert } from '../volume/affine.ts';
import type { Volume } from '../volume/volume.ts';
import { blockMap, blockSide, type BlockMap } from './blockMap.ts';
import type { GreyImage } from './greyImage.ts';
import { shadedField, type ShadedField } from './surfaceField.ts';
import type { ViewFrame } from './viewFrame.ts';
import { viewNames, type ViewName } from './viewNames.ts';

/** Side of a view in pixels. */
export const viewSide = 512;
/** Share of the side that the head's longest projected extent takes. */
const filled = 0.94;
const half = Math.SQRT1_2;

/** Where the viewer looks, as a direction in RAS+ (x right, y front, z up), horizontal. */
const looks: Readonly<Record<ViewName, readonly [x: number, y: number]>> = {
  front: [0, -1],
  left: [1, 0],
  right: [-1, 0],
  left45: [half, -half],
  right45: [-half, -half],
};

/** Brightness of a surface seen edge on, and of one that faces the viewer. */
const edgeGrey = 18;
const facingGrey = 255;

/**
 * The five standard views of a head: the skin surface in parallel projection, 512 x 512, lit from the viewer, on black.
 * `frame` is that of the original, so an original and its defacings are drawn at the same place, scale and level. In
 * `left` the viewer looks at the subject's left side, the nose pointing to the left edge. Only + - * / and square roots
 * are used: the same bytes on every machine.
 */
export function renderViews(volume: Volume, frame: ViewFrame): Record<ViewName, GreyImage> {
  const drawn = frame.maxMm[2] > frame.minMm[2] ? castable(volume, frame) : null;
  return Object.fromEntries(
    viewNames.map((name) => [name, drawn === null ? black() : castView(drawn, frame, looks[name])]),
  ) as Record<ViewName, GreyImage>;
}

const black = (): GreyImage => ({
  width: viewSide,
  height: viewSide,
  pixels: new Uint8Array(viewSide * viewSide),
});

interface Castable {
  readonly field: ShadedField;
  readonly map: BlockMap;
  readonly toVoxel: ReturnType<typeof invert>;
}

function castable(volume: Volume, frame: ViewFrame): Castable {
  const field = shadedField(volume, frame);
  return { field, map: blockMap(field), toVoxel: invert(field.affine) };
}

/** Millimetres of a pixel: one scale for all views of a frame. */
export const pixelMm = ({ reachMm }: ViewFrame): number => (2 * reachMm) / (filled * viewSide);

function castView(
  { field, map, toVoxel: m }: Castable,
  frame: ViewFrame,
  [lx, ly]: readonly [number, number],
): GreyImage {
  const image = black();
  const [nx, ny, nz] = field.shape;
  const [bx, by] = map.shape;
  const { values, shading } = field;
  const { steps } = map;
  const layer = nx * ny;
  const mm = pixelMm(frame);
  const centre = [0, 1, 2].map((a) => (frame.minMm[a] + frame.maxMm[a]) / 2);
  // The picture's right is the look turned to the right: look x up.
  const rx = ly;
  const ry = -lx;
  // One voxel step along the look.
  let dx = m[0] * lx + m[1] * ly;
  let dy = m[4] * lx + m[5] * ly;
  let dz = m[8] * lx + m[9] * ly;
  const norm = Math.sqrt(dx * dx + dy * dy + dz * dz);
  dx /= norm;
  dy /= norm;
  dz /= norm;
  const blockStep = blockSide / Math.max(Math.abs(dx), Math.abs(dy), Math.abs(dz));
  const fine = 0.5;

  const at = (values: Float32Array, x: number, y: number, z: number): number => {
    const i = x | 0;
    const j = y | 0;
    const k = z | 0;
    const fx = x - i;
    const fy = y - j;
    const fz = z - k;
    const n = i + nx * j + layer * k;
    const a = values[n] + fx * (values[n + 1] - values[n]);
    const b = values[n + nx] + fx * (values[n + nx + 1] - values[n + nx]);
    const c = values[n + layer] + fx * (values[n + layer + 1] - values[n + layer]);
    const d = values[n + layer + nx] + fx * (values[n + layer + nx + 1] - values[n + layer + nx]);
    const front = a + fy * (b - a);
    return front + fz * (c + fy * (d - c) - front);
  };

  for (let v = 0; v < viewSide; v++) {
    const up = centre[2] - (v + 0.5 - viewSide / 2) * mm;
    for (let u = 0; u < viewSide; u++) {
      const across = (u + 0.5 - viewSide / 2) * mm;
      const wx = centre[0] + across * rx;
      const wy = centre[1] + across * ry;
      const ox = m[0] * wx + m[1] * wy + m[2] * up + m[3];
      const oy = m[4] * wx + m[5] * wy + m[6] * up + m[7];
      const oz = m[8] * wx + m[9] * wy + m[10] * up + m[11];
      // Where the ray is inside the cells that can be interpolated and differentiated.
      let enter = -1e9;
      let leave = 1e9;
      for (let axis = 0; axis < 3; axis++) {
        const o = axis === 0 ? ox : axis === 1 ? oy : oz;
        const d = axis === 0 ? dx : axis === 1 ? dy : dz;
        const last = (axis === 0 ? nx : axis === 1 ? ny : nz) - 2.001;
        if (d > 1e-9 || d < -1e-9) {
          const t0 = (1 - o) / d;
          const t1 = (last - o) / d;
          if (t0 < t1) {
            if (t0 > enter) enter = t0;
            if (t1 < leave) leave = t1;
          } else {
            if (t1 > enter) enter = t1;
            if (t0 < leave) leave = t0;
          }
        } else if (o < 1 || o > last) leave = -1e9;
      }
      let t = enter;
      let before = 0;
      while (t <= leave) {
        const x = ox + t * dx;
        const y = oy + t * dy;
        const z = oz + t * dz;
        const empty = steps[((x | 0) >> 2) + bx * (((y | 0) >> 2) + by * ((z | 0) >> 2))];
        if (empty > 1) {
          // Everything within empty - 1 blocks is air.
          t += (empty - 1) * blockStep;
          before = 0;
          continue;
        }
        const value = at(values, x, y, z);
        if (!(value > 1)) {
          before = value;
          t += fine;
          continue;
        }
        // Between the last two samples: twice a regula falsi, kept in its bracket.
        let low = Math.max(enter, t - fine);
        let high = t;
        let lowValue = before;
        let highValue = value;
        for (let pass = 0; pass < 3 && low < high; pass++) {
          const share = lowValue < 1 ? (1 - lowValue) / (highValue - lowValue) : 0;
          const s = low + share * (high - low);
          const here = at(values, ox + s * dx, oy + s * dy, oz + s * dz);
          if (here > 1) {
            high = s;
            highValue = here;
          } else {
            low = s;
            lowValue = here;
          }
        }
        const hx = ox + high * dx;
        const hy = oy + high * dy;
        const hz = oz + high * dz;
        const gx = at(shading, hx + 1, hy, hz) - at(shading, hx - 1, hy, hz);
        const gy = at(shading, hx, hy + 1, hz) - at(shading, hx, hy - 1, hz);
        const gz = at(shading, hx, hy, hz + 1) - at(shading, hx, hy, hz - 1);
        // A gradient is carried to mm by the transposed inverse.
        const worldX = m[0] * gx + m[4] * gy + m[8] * gz;
        const worldY = m[1] * gx + m[5] * gy + m[9] * gz;
        const worldZ = m[2] * gx + m[6] * gy + m[10] * gz;
        const length = Math.sqrt(worldX * worldX + worldY * worldY + worldZ * worldZ);
        const facing = length > 0 ? (worldX * lx + worldY * ly) / length : 0;
        image.pixels[u + viewSide * v] = Math.floor(
          edgeGrey + (facingGrey - edgeGrey) * (facing > 0 ? facing : 0) + 0.5,
        );
        break;
      }
    }
  }
  return image;
}
