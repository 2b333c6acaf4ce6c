import type { Provenance } from './provenance.ts';
import type { Outcome } from './outcome.ts';
import type { ScanIdentity, ScanImage, ScanState } from './scan.ts';
import type { Registration } from '../registration/registerToTemplate.ts';
import type { Suspicion } from '../suspects/suspicion.ts';
import type { ViewFrame } from '../views/viewFrame.ts';

/** A file taken notice of, with its state. */
export interface Scan {
  readonly id: string;
  readonly path: string;
  readonly relativePath: string;
  /** Stem of everything made from it: a BIDS name, unique in the study. */
  readonly name: string;
  readonly person: string;
  readonly session: string | null;
  readonly modality: ScanIdentity['modality'];
  readonly modalityFrom: ScanIdentity['modalityFrom'];
  readonly entities: ScanIdentity['entities'];
  readonly state: ScanState;
  readonly reason: string;
  readonly errorCode: string | null;
  readonly duplicateOf: string | null;
  readonly fileHash: string | null;
  readonly contentHash: string | null;
  /** Size and time of the file when it was read: unchanged means it is not read again. */
  readonly fileStamp: string;
  readonly image: ScanImage | null;
  readonly sidecar: Readonly<Record<string, unknown>> | null;
}

export interface BrainFacts {
  /** `own` is a mask found beside the scan or given; `built-in` our extractor; `none` where there is no mask. */
  readonly source: 'own' | 'built-in' | 'none';
  /** Below the study folder; null for none. */
  readonly path: string | null;
  readonly sha256: string | null;
  readonly ml: number | null;
  readonly plausible: boolean;
  /** Why it is not plausible, else empty. */
  readonly reason: string;
}

export interface HeadFacts {
  readonly level: number;
  readonly source: 'fixed' | 'automatic';
  readonly closed: boolean;
}

/** What is worked out once per scan and used by every defacing of it. */
export interface Prepared {
  readonly scanId: string;
  readonly inputKey: string;
  readonly brain: BrainFacts;
  /** null where the image has nothing in it that could be registered. */
  readonly registration: Registration | null;
  readonly head: HeadFacts;
  readonly frame: ViewFrame;
  /** Reasons to look twice at the original; nothing is left out because of them. */
  readonly suspicions: readonly Suspicion[];
  readonly provenance: Provenance;
}

/** What one tool made of one scan. */
export interface Defacing {
  readonly id: string;
  readonly scanId: string;
  readonly tool: string;
  readonly inputKey: string;
  readonly outcome: Outcome;
  /** A sentence for every outcome other than `done`, else empty. */
  readonly reason: string;
  /** Below the study folder; null where there is no defacing. */
  readonly path: string | null;
  readonly maskPath: string | null;
  readonly proof: Readonly<Record<string, unknown>> | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly provenance: Provenance;
}

export interface FeatureValue {
  readonly feature: string;
  readonly version: number;
  readonly value: number | null;
  /** Why there is no value; null where there is one. */
  readonly reason: string | null;
}

/** What a program itself wrote: not kept, but known by its hash and measured like the defacing made of it. */
export interface RawOutput {
  readonly sha256: string;
  readonly bytes: number;
  readonly features: readonly FeatureValue[];
}

/** A file of the study, for `verify`. */
export interface OutputFile {
  /** Below the study folder, `/` between its parts. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface Job {
  readonly id: number;
  readonly kind: string;
  readonly input: unknown;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface JobStep {
  readonly subject: string;
  readonly step: string;
  /** `kept` was finished before and is not redone. */
  readonly state: 'done' | 'kept' | 'failed';
  readonly code: string | null;
  readonly message: string | null;
  readonly durationMs: number;
}

export interface JobProgress {
  readonly jobId: number;
  readonly phase: string;
  readonly done: number;
  /** null while not known. */
  readonly total: number | null;
  readonly message: string;
}
