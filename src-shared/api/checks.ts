/** The checks the contract is written with: the one door for valibot. */
export {
  array,
  boolean,
  integer,
  literal,
  maxLength,
  minLength,
  minValue,
  maxValue,
  nullable,
  number,
  optional,
  picklist,
  pipe,
  record,
  safeParse,
  strictObject,
  string,
  tuple,
  union,
  unknown,
} from 'valibot';
export type { GenericSchema, InferInput, InferOutput } from 'valibot';
