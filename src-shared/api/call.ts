import type { Caller, Who } from './caller.ts';
import type { GenericSchema, InferInput, InferOutput } from './checks.ts';

/** One call of the contract: the check of what comes in, who may make it, and the type of what goes out. */
export interface Call<Schema extends GenericSchema = GenericSchema, Value = unknown> {
  readonly schema: Schema;
  readonly who: Who;
  /** Only a type; never present. */
  readonly value?: Value;
}

/** `call(schema, { who }).returns<T>()` declares a call. */
export const call = <Schema extends GenericSchema>(schema: Schema, { who }: { readonly who: Who }) => ({
  returns: <Value>(): Call<Schema, Value> => ({ schema, who }),
});

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each call has its own schema and value
export type Contract = Readonly<Record<string, Call<any, any>>>;

type ValueOf<C> = C extends Call<GenericSchema, infer Value> ? Value : never;

/** What is sent is only read. */
type Sent<T> = T extends object ? { readonly [Key in keyof T]: Sent<T[Key]> } : T;

/** What a caller sees: a function for every call. */
export type ApiOf<C extends Contract> = {
  readonly [Name in keyof C]: (input: Sent<InferInput<C[Name]['schema']>>) => Promise<ValueOf<C[Name]>>;
};

/** What an engine gives: a function of the checked input, and of who asks, for every call. */
export type HandlersOf<C extends Contract> = {
  readonly [Name in keyof C]: (
    input: InferOutput<C[Name]['schema']>,
    caller: Caller,
  ) => ValueOf<C[Name]> | Promise<ValueOf<C[Name]>>;
};
