import type { ApiAnswer } from './answer.ts';
import { AppError } from './appError.ts';
import type { Contract, HandlersOf } from './call.ts';
import { safeParse } from './checks.ts';

/** Told of errors nobody expected, with the call they came from, for the log. */
export type Unexpected = (name: string, error: unknown) => void;

/**
 * The one way in, for every host: checks name and input, runs the call, and always answers. An AppError goes to the person
 * as it is; anything else becomes `unexpected` without its text, which might hold a path or a name.
 */
export function createDispatch<C extends Contract>(
  contract: C,
  handlers: HandlersOf<C>,
  unexpected: Unexpected,
): (name: string, input: unknown) => Promise<ApiAnswer> {
  return async (name, input) => {
    if (!Object.hasOwn(contract, name)) return failed('unknown-call', 'There is no call of this name.', {});
    // An empty list would pass for an object without keys.
    if (Array.isArray(input)) return failed('bad-input', 'A call takes an object.', { call: name });
    const checked = safeParse(contract[name].schema as Parameters<typeof safeParse>[0], input);
    if (!checked.success) {
      const where = checked.issues.map((issue) => (issue.path ?? []).map(({ key }) => String(key)).join('.'));
      return failed('bad-input', 'What was sent does not fit this call.', { call: name, where });
    }
    try {
      return { ok: true, value: await handlers[name](checked.output) };
    } catch (error) {
      if (error instanceof AppError) return failed(error.code, error.message, error.facts);
      unexpected(name, error);
      return failed('unexpected', 'Something went wrong that should not. The log of the study says more.', {
        call: name,
      });
    }
  };
}

const failed = (code: string, message: string, facts: Readonly<Record<string, unknown>>): ApiAnswer => ({
  ok: false,
  error: { code, message, facts },
});
