import { canonicalJson, type InputFacts } from '../../src-shared/domain/provenance.ts';
import { sha256 } from '../files/hash.ts';

/** The key of a step: equal inputs, settings and versions have the same. */
export const inputKeyOf = (facts: InputFacts): string => keyPart(facts);

/** A part of an input that is no file. */
export const keyPart = (value: unknown): string => sha256(Buffer.from(canonicalJson(value)));
