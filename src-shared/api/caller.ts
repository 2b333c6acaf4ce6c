export const roles = ['owner', 'rater', 'viewer'] as const;
export type Role = (typeof roles)[number];

/** Somebody with an account in the study. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** Who makes a call, as the engine found by the session that came with it. */
export interface Caller {
  /** null before sign-in, and in a study without accounts. */
  readonly person: Person | null;
  /** Rates in a round that is open (or is a rater while one is): sees no tools, scores, persons or verdicts of others. */
  readonly blind: boolean;
  /** The session that came with the call, known or not. */
  readonly session: string | null;
}

/**
 * Who may make a call; declared with each call, checked by the engine before anything is done. In a study without
 * accounts the one person who uses it may do all.
 *
 * - `anyone`: also before sign-in
 * - `member`: everyone with an account; the answer tells nothing that would unblind
 * - `rater`: a rater or owner; only about this person's own work
 * - `reader`: every role, unless blind
 * - `owner`: an owner who is not blind
 * - `any-owner`: an owner, blind or not; the answer tells nothing that would unblind
 */
export type Who = 'anyone' | 'member' | 'rater' | 'reader' | 'owner' | 'any-owner';
