import type { Registration } from '../registration/registerToTemplate.ts';
import type { Template } from '../registration/template.ts';
import type { Head } from '../views/findHead.ts';
import type { Mask, Volume } from '../volume/volume.ts';

export type SuspicionKind =
  | 'already-defaced'
  | 'defacing-claimed'
  | 'brain-extracted'
  | 'incomplete-head'
  | 'not-a-head'
  | 'wrong-way-round'
  | 'near-duplicate';

/** A suggestion to look at an original twice. It excludes nothing: a person decides. */
export interface Suspicion {
  readonly kind: SuspicionKind;
  readonly strength: 'likely' | 'possible';
  /** What was seen, for the person who decides. Holds no text of the file. */
  readonly sentence: string;
  /** What was measured, by name with its unit. */
  readonly facts: Readonly<Record<string, number>>;
  /** The scan it looks like, of `near-duplicate`. */
  readonly otherScanId?: string;
}

export interface SuspectInput {
  /** The original, true values, stored order. */
  readonly volume: Volume;
  /** `findHead` of the volume; null where it could not be found. */
  readonly head: Head | null;
  /** Brain of this scan on its grid; null where there is none. */
  readonly brain: Mask | null;
  /** null where it was not tried or threw. A poor one is used for what it is worth. */
  readonly registration: Registration | null;
  readonly template: Template;
  readonly claims: {
    /** DICOM de-identification method codes and method words of the sidecar or the DICOM header. */
    readonly deidentificationCodes: readonly string[];
  };
}
