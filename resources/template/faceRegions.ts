import type { Grid, LabelVolume, Volume } from '../../src-shared/volume/volume.ts';

/** Regions of the face by planes in template millimetres, through the soft tissue and the air in front. */
export function faceRegions(grid: Grid, head: Volume): LabelVolume {
  return { ...grid, labels: new Uint8Array(head.values.length) };
}
