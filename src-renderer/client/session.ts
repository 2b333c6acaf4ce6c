const key = 'defaceqa-session';

/**
 * The session of who is signed in, as `session.signIn` gave it. Kept for this window until it closes, so that a reload
 * changes nothing; never on disk.
 */
export const currentSession = (): string | null => sessionStorage.getItem(key);

export function keepSession(session: string | null): void {
  if (session === null) sessionStorage.removeItem(key);
  else sessionStorage.setItem(key, session);
}

export function sessionHeader(): Record<string, string> {
  const session = currentSession();
  return session === null ? {} : { 'X-Session': session };
}
