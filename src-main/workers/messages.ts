/** What a thread is asked. */
export interface ToWorker {
  readonly task: string;
  readonly data: unknown;
}

/** What it answers, always. `code` is null for an error that is no AppError. */
export type FromWorker =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly code: string | null;
      readonly message: string;
      readonly facts: Readonly<Record<string, unknown>>;
    };
