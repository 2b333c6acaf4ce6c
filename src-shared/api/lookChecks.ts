import { exclusionReasons, remains } from '../rating/verdict.ts';
import {
  array,
  boolean,
  literal,
  maxLength,
  nullable,
  picklist,
  pipe,
  strictObject,
  string,
  union,
} from './checks.ts';

/** The check of a look as it comes in; whether it is complete is said by `incomplete` of rating/verdict.ts. */
export const look = strictObject({
  verdict: nullable(union([literal(1), literal(2), literal(3)])),
  exclusion: nullable(picklist(exclusionReasons)),
  remains: array(picklist(remains)),
  brainCut: boolean(),
  note: pipe(string(), maxLength(2000)),
  confidence: nullable(union([literal(1), literal(2), literal(3)])),
});
