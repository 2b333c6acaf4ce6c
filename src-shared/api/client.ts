import type { ApiAnswer } from './answer.ts';
import { AppError } from './appError.ts';
import type { ApiOf, Contract } from './call.ts';

/** Carries a call to an engine: in the same process, over HTTP, or by Electron's scheme. */
export type Send = (name: string, input: unknown) => Promise<ApiAnswer>;

/** The calls of a contract as functions; a refusal is thrown as the AppError it was. */
export function createClient<C extends Contract>(contract: C, send: Send): ApiOf<C> {
  return Object.fromEntries(
    Object.keys(contract).map((name) => [
      name,
      async (input: unknown) => {
        const answer = await send(name, input);
        if (answer.ok) return answer.value;
        throw new AppError(answer.error.code, answer.error.message, answer.error.facts);
      },
    ]),
  ) as unknown as ApiOf<C>;
}
