import { AppError } from '../../src-shared/api/appError.ts';
import type { SessionState } from '../../src-shared/api/peopleCalls.ts';
import { api } from '../client/httpApi.ts';
import { keepSession } from '../client/session.ts';

/** How often a sign of life goes to the engine at most, ms. */
const touchEveryMs = 20_000;

/** Who is at the window: signing in, locking, changing over. What each may do is checked by the engine; this only shows it. */
export class Session {
  state = $state.raw<SessionState | null>(null);
  /** Somebody else wants to sign in; what was on the screen waits behind. */
  switching = $state(false);

  person = $derived(this.state?.person ?? null);
  locked = $derived(this.state?.locked ?? false);
  /** Nothing of the study may be shown before somebody signs in. */
  gated = $derived(
    this.switching || (this.state !== null && this.state.accounts && (this.person === null || this.locked)),
  );
  /** May see tools, scores, persons and what others said. */
  sees = $derived(this.state === null || !this.state.accounts || (this.person !== null && !this.state.blind));
  isOwner = $derived(this.state?.accounts === false || this.person?.role === 'owner');
  mayRate = $derived(
    this.state?.accounts === false || (this.person !== null && this.person.role !== 'viewer'),
  );

  async refresh(): Promise<void> {
    this.#take(await api['session.state']({}));
  }

  forget(): void {
    this.state = null;
    this.switching = false;
  }

  async signIn(accountId: string, secret: string): Promise<void> {
    const { session, state } = await api['session.signIn']({ accountId, secret });
    keepSession(session);
    this.switching = false;
    this.#take(state);
  }

  async unlock(secret: string): Promise<void> {
    const state = await api['session.unlock']({ secret });
    this.switching = false;
    this.#take(state);
  }

  async lock(): Promise<void> {
    if (this.person === null) return;
    this.#take(await api['session.lock']({}));
  }

  async signOut(): Promise<void> {
    const state = await api['session.signOut']({});
    keepSession(null);
    this.switching = false;
    this.#take(state);
  }

  /**
   * Locks after the minutes set for the study without key, pointer or touch, until the signal. The engine keeps the same
   * time by itself; this hides what is on the screen.
   */
  watchIdle(signal: AbortSignal): void {
    let lastUse = performance.now();
    let lastTouch = 0;
    const used = (): void => {
      lastUse = performance.now();
      if (this.person === null || this.locked || lastUse - lastTouch < touchEveryMs) return;
      lastTouch = lastUse;
      void this.#quietly(() => api['session.touch']({}));
    };
    for (const kind of ['keydown', 'pointermove', 'pointerdown', 'wheel'] as const)
      window.addEventListener(kind, used, { signal, passive: true });
    const timer = setInterval(() => {
      const idleMs = (this.state?.idleMinutes ?? Infinity) * 60_000;
      if (this.person !== null && !this.locked && performance.now() - lastUse > idleMs)
        void this.#quietly(() => this.lock());
    }, 1000);
    signal.addEventListener('abort', () => clearInterval(timer));
  }

  /** The engine may have locked or ended the session by itself. */
  async #quietly(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code !== 'host-gone') await this.refresh();
    }
  }

  #take(state: SessionState): void {
    this.state = state;
    if (!state.accounts) this.switching = false;
  }
}

export const session = new Session();
