import type { Grid, LabelVolume, Volume } from '../volume/volume.ts';

/** Labels of the template head. Background (air) is 0; regions lie on and under the skin. */
export const regionLabels = {
  other: 1,
  forehead: 2,
  leftEye: 3,
  rightEye: 4,
  nose: 5,
  mouth: 6,
  chinJaw: 7,
  leftCheek: 8,
  rightCheek: 9,
  leftEar: 10,
  rightEar: 11,
  neck: 12,
} as const;
export type Region = keyof typeof regionLabels;

/** The labelled head that scans are registered to. All volumes lie on one grid, RAS+. */
export interface Template extends Grid {
  /** T1-like intensities, 0 in air. */
  readonly head: Volume;
  /** Probability of brain, 0 to 1 (cerebrum, cerebellum, stem and outer fluid). */
  readonly brain: Volume;
  readonly labels: LabelVolume;
  /** 1 where the head is known, 0 where nothing can be said about it; all known where it is left out. */
  readonly known?: Volume;
}
