declare const space: unique symbol;

/** A value that belongs to one space only, so that spaces cannot be mixed by mistake. */
export type Branded<T, Space extends string> = T & { readonly [space]: Space };

/** Continuous voxel indices along the stored axes; the centre of the first voxel is (0, 0, 0). */
export type VoxelPoint = Branded<readonly [i: number, j: number, k: number], 'voxel'>;

/** Millimetres in RAS+: x towards the subject's right, y anterior, z superior. */
export type WorldPoint = Branded<readonly [x: number, y: number, z: number], 'world'>;

export const voxelPoint = (i: number, j: number, k: number): VoxelPoint =>
  [i, j, k] as readonly [number, number, number] as VoxelPoint;

export const worldPoint = (x: number, y: number, z: number): WorldPoint =>
  [x, y, z] as readonly [number, number, number] as WorldPoint;
