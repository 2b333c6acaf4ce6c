import type { Modality } from '../../src-shared/domain/modality.ts';
import type { Outcome } from '../../src-shared/domain/outcome.ts';

/** What every defacing tool says about itself. */
export interface ToolFacts {
  /** Stands in file names and tables: small letters, digits, `_` and `-`. */
  readonly id: string;
  readonly title: string;
  /** Does not start without a brain mask that passed its check. */
  readonly needsBrain: boolean;
  /** Made for T1; other contrasts take the mask of their session's T1 where there is one. */
  readonly needsT1: boolean;
}

/** Settings of a tool as they are stored with what it made. */
export type ToolSettings = Readonly<Record<string, string | number | boolean>>;

/** A defacer of our own: it runs in a worker thread and answers with a removal mask. */
export interface BuiltInTool extends ToolFacts {
  readonly kind: 'built-in';
  /** Raised when the same input gives another mask. */
  readonly version: string;
  readonly defaults: ToolSettings;
  readonly needsRegistration: boolean;
}

/** A program of others, started by `runProgramTool`. What it needs, its command and its traps are told beside this. */
export interface ProgramToolFacts extends ToolFacts {
  readonly kind: 'program';
}

export type { Modality, Outcome };
