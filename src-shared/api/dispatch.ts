import type { ApiAnswer } from './answer.ts';
import { AppError } from './appError.ts';
import type { Contract, HandlersOf } from './call.ts';
import type { Caller, Who } from './caller.ts';
import { safeParse } from './checks.ts';

/** Told of errors nobody expected, with the call they came from, for the log. */
export type Unexpected = (name: string, error: unknown) => void;

/** Finds who asks by the session that came with a call; throws where this person may not make it. */
export type Admit = (who: Who, session: string | null, name: string) => Caller;

/**
 * The one way in, for every host: checks name, person and input, runs the call, and always answers. An AppError goes to
 * the person as it is; anything else becomes `unexpected` without its text, which might hold a path or a name.
 */
export function createDispatch<C extends Contract>(
  contract: C,
  handlers: HandlersOf<C>,
  { admit, unexpected }: { readonly admit: Admit; readonly unexpected: Unexpected },
): (name: string, input: unknown, session?: string | null) => Promise<ApiAnswer> {
  return async (name, input, session = null) => {
    if (!Object.hasOwn(contract, name)) return failed('unknown-call', 'There is no call of this name.', {});
    try {
      const caller = admit(contract[name].who, session, name);
      // An empty list would pass for an object without keys.
      if (Array.isArray(input)) return failed('bad-input', 'A call takes an object.', { call: name });
      const checked = safeParse(contract[name].schema as Parameters<typeof safeParse>[0], input);
      if (!checked.success) {
        const where = checked.issues.map((issue) =>
          (issue.path ?? []).map(({ key }) => String(key)).join('.'),
        );
        return failed('bad-input', 'What was sent does not fit this call.', { call: name, where });
      }
      return { ok: true, value: await handlers[name](checked.output, caller) };
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
