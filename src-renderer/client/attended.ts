/** After this long without key, pointer or wheel nobody sits here. */
const awayMs = 60_000;
let lastUse = performance.now();

/** Notices that somebody is there, until the signal. */
export function watchUse(signal: AbortSignal): void {
  for (const kind of ['keydown', 'pointermove', 'pointerdown', 'wheel'] as const)
    window.addEventListener(kind, () => (lastUse = performance.now()), {
      signal,
      passive: true,
      capture: true,
    });
}

/** Tells the host that a request comes from the page by itself, so that work going on does not keep it unlocked. */
export const unattendedHeader = (): Record<string, string> =>
  performance.now() - lastUse > awayMs ? { 'X-Unattended': '1' } : {};
