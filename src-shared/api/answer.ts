/** What every call answers, through every door. */
export type ApiAnswer<Value = unknown> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: ApiError };

/** An AppError on its way to the person: a code with a help page, a sentence, and facts without patient text. */
export interface ApiError {
  readonly code: string;
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
}
