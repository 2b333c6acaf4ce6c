/**
 * What a phantom's label volume says at a voxel. 1 to 12 are soft tissue, cut by the region of the surface above
 * it; the rest lies below. Left and right are the person's own.
 */
export const phantomLabels = {
  air: 0,
  forehead: 1,
  leftEye: 2,
  rightEye: 3,
  nose: 4,
  mouth: 5,
  chinJaw: 6,
  leftCheek: 7,
  rightCheek: 8,
  leftEar: 9,
  rightEar: 10,
  scalp: 11,
  neck: 12,
  deepSoftTissue: 13,
  skull: 14,
  fluid: 15,
  grey: 16,
  white: 17,
  ventricles: 18,
  leftEyeball: 19,
  rightEyeball: 20,
  airway: 21,
  tongue: 22,
  spine: 23,
} as const;

export type PhantomLabel = (typeof phantomLabels)[keyof typeof phantomLabels];

/** The regions of the surface that identify a person, ears included; the eyeballs are not among them. */
export const facialLabels: readonly PhantomLabel[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** Grey and white matter of cerebrum, cerebellum and brainstem. */
export const brainTissueLabels: readonly PhantomLabel[] = [16, 17];

/** Tissues by their signal; finer than the labels where MRI tells more (fat and muscle in one region). */
export const phantomTissues = {
  air: 0,
  skin: 1,
  fat: 2,
  muscle: 3,
  bone: 4,
  marrow: 5,
  fluid: 6,
  grey: 7,
  white: 8,
  vitreous: 9,
  lens: 10,
  cartilage: 11,
} as const;

export type PhantomContrast = 'T1w' | 'T2w' | 'FLAIR';

/**
 * Signal of each tissue at full coil sensitivity, in stored units (fat about 820 on T1w). Order as
 * `phantomTissues`; relations follow spin-lattice and spin-spin times at 3 T (Bojorquez et al. 2017).
 */
export const tissueSignal: Readonly<Record<PhantomContrast, readonly number[]>> = {
  T1w: [0, 430, 820, 400, 60, 520, 130, 420, 620, 150, 260, 360],
  T2w: [0, 330, 520, 210, 50, 330, 950, 460, 330, 900, 160, 300],
  FLAIR: [0, 330, 640, 260, 50, 380, 70, 520, 400, 120, 200, 330],
};
