/**
 * The one error a person may see: a stable code (each has a page in resources/help/errors), a sentence that
 * says what happened and what to do, and the facts. Facts never hold patient text.
 */
export class AppError extends Error {
  readonly code: string;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    sentence: string,
    facts: Readonly<Record<string, unknown>> = {},
    options?: { cause?: unknown },
  ) {
    super(sentence, options);
    this.name = 'AppError';
    this.code = code;
    this.facts = facts;
  }
}
