import type { Dtype } from '../volume/dtype.ts';
import type { OrientationSource } from '../volume/niftiAffine.ts';
import type { Shape } from '../volume/volume.ts';
import type { Modality } from './modality.ts';

/**
 * What import found a file to be. `ok` is taken up; every other state is recorded with its reason and left out.
 * `no-orientation` and `4d` can be taken up on request, by spacing alone and by one mask for all volumes.
 */
export const scanStates = [
  'ok',
  'duplicate',
  'unreadable',
  '4d',
  'not-3d',
  'too-small',
  'no-signal',
  'no-orientation',
] as const;
export type ScanState = (typeof scanStates)[number];

/** Who, when and what, as far as file name, folders and sidecar tell. */
export interface ScanIdentity {
  /** BIDS label without `sub-`, else the whole name of the file without its ending. */
  readonly person: string;
  /** BIDS label without `ses-`. */
  readonly session: string | null;
  readonly modality: Modality;
  /** What told the modality: `given` is a person. */
  readonly modalityFrom: 'name' | 'sidecar' | 'given' | 'none';
  /** BIDS entities other than sub and ses, in the order of the name: acq, run, ... */
  readonly entities: Readonly<Partial<Record<string, string>>>;
  readonly bids: boolean;
}

/** What can be told about a file's image, as far as it could be read. */
export interface ScanImage {
  readonly shape: Shape;
  readonly spacingMm: readonly [number, number, number];
  readonly dtype: Dtype;
  readonly volumeCount: number;
  readonly orientationSource: OrientationSource;
  readonly obliquityDegrees: number;
}
