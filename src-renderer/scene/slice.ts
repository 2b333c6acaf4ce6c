/** A canonical (RAS+ axes) image as the screens hold it. Voxel (i, j, k) runs right, anterior, superior. */
export interface SliceVolume {
  readonly shape: readonly [number, number, number];
  /** Lengths of the voxel axes in mm. */
  readonly spacingMm: readonly [number, number, number];
  readonly values: Float32Array | Uint8Array | Int16Array;
  /** 1 where the defacing took the voxel away; null without a defacing. */
  readonly removed: Uint8Array | null;
  /** 1 in the brain; null where no mask is known. */
  readonly brain: Uint8Array | null;
}

const arrays = { uint8: Uint8Array, int16: Int16Array, float32: Float32Array };
export type VoxelType = keyof typeof arrays;

/** The voxels of a volume as they came. */
export const voxelsOf = (type: VoxelType, buffer: ArrayBuffer): SliceVolume['values'] =>
  new arrays[type](buffer);

export const planes = ['axial', 'coronal', 'sagittal'] as const;
export type Plane = (typeof planes)[number];

/** Voxel axes that run across and up a plane, and the one it cuts. */
export const axesOf: Record<Plane, { across: 0 | 1 | 2; up: 0 | 1 | 2; cut: 0 | 1 | 2 }> = {
  axial: { across: 0, up: 1, cut: 2 },
  coronal: { across: 0, up: 2, cut: 1 },
  sagittal: { across: 1, up: 2, cut: 0 },
};

/** Letters at the edges of a plane as drawn: the subject's right is on the viewer's left (radiological). */
export const edgeLetters: Record<Plane, { left: string; right: string; top: string; bottom: string }> = {
  axial: { left: 'R', right: 'L', top: 'A', bottom: 'P' },
  coronal: { left: 'R', right: 'L', top: 'S', bottom: 'I' },
  sagittal: { left: 'A', right: 'P', top: 'S', bottom: 'I' },
};

export interface Window {
  /** Value drawn mid-grey, and the span from black to white. */
  readonly level: number;
  readonly width: number;
}

export interface SliceLook {
  readonly window: Window;
  /** Draw what the defacing took away as if it were still there. */
  readonly showOriginal: boolean;
  readonly tintRemoved: boolean;
  readonly tintBrain: boolean;
}

/**
 * RGBA pixels of one slice, first row at the top, one pixel a voxel. Across runs to the subject's left (axial and
 * coronal) or to the back (sagittal), because every plane is drawn from the canonical axes: the stored orientation of
 * the file has no say.
 */
export function slicePixels(
  volume: SliceVolume,
  plane: Plane,
  index: number,
  look: SliceLook,
): { width: number; height: number; rgba: Uint8ClampedArray<ArrayBuffer> } {
  const { across, up, cut } = axesOf[plane];
  const { shape, values, removed, brain } = volume;
  const stride = [1, shape[0], shape[0] * shape[1]] as const;
  const width = shape[across];
  const height = shape[up];
  const rgba = new Uint8ClampedArray(width * height * 4);
  const black = look.window.level - look.window.width / 2;
  const scale = 255 / Math.max(look.window.width, 1e-6);
  for (let row = 0, p = 0; row < height; row++) {
    const start = index * stride[cut] + (height - 1 - row) * stride[up] + (width - 1) * stride[across];
    for (let column = 0; column < width; column++, p += 4) {
      const voxel = start - column * stride[across];
      const gone = removed !== null && removed[voxel] === 1;
      const grey = gone && !look.showOriginal ? 0 : (values[voxel] - black) * scale;
      const tintRed = look.tintRemoved && gone ? 90 : 0;
      const tintTeal = look.tintBrain && brain !== null && brain[voxel] === 1 ? 46 : 0;
      rgba[p] = grey + tintRed - tintTeal * 0.5;
      rgba[p + 1] = grey + tintTeal * 0.8 - tintRed * 0.3;
      rgba[p + 2] = grey + tintTeal - tintRed * 0.3;
      rgba[p + 3] = 255;
    }
  }
  return { width, height, rgba };
}

/** The voxel under a pixel of a slice: the inverse of how slicePixels lays pixels out. */
export function voxelAt(
  { shape }: SliceVolume,
  plane: Plane,
  index: number,
  column: number,
  row: number,
): readonly [number, number, number] {
  const { across, up, cut } = axesOf[plane];
  const voxel: [number, number, number] = [0, 0, 0];
  voxel[cut] = index;
  voxel[across] = clamp(shape[across] - 1 - Math.floor(column), shape[across]);
  voxel[up] = clamp(shape[up] - 1 - Math.floor(row), shape[up]);
  return voxel;
}

/** The pixel (column, row) in the middle of which a voxel is drawn. */
export function pixelOf(
  { shape }: SliceVolume,
  plane: Plane,
  voxel: readonly [number, number, number],
): readonly [number, number] {
  const { across, up } = axesOf[plane];
  return [shape[across] - 0.5 - voxel[across], shape[up] - 0.5 - voxel[up]];
}

const clamp = (value: number, count: number): number => Math.min(count - 1, Math.max(0, value));

/** Window presets from the values that are not air: the whole range, soft tissue, and dim structures. */
export function windowPresets(values: SliceVolume['values']): Record<'full' | 'tissue' | 'dim', Window> {
  const sample: number[] = [];
  const step = Math.max(1, Math.floor(values.length / 50_000));
  let low = Infinity;
  let high = -Infinity;
  for (let v = 0; v < values.length; v += step) {
    low = Math.min(low, values[v]);
    high = Math.max(high, values[v]);
  }
  for (let v = 0; v < values.length; v += step) {
    if (values[v] > low + 0.03 * (high - low)) sample.push(values[v]);
  }
  sample.sort((a, b) => a - b);
  const at = (share: number): number => sample[Math.floor(share * (sample.length - 1))] ?? low;
  const between = (from: number, to: number): Window => ({
    level: (from + to) / 2,
    width: Math.max(to - from, 1e-6),
  });
  return {
    full: between(low, high),
    tissue: between(low, at(0.98)),
    dim: between(low, at(0.4)),
  };
}
