import { fail, type OutputOptions } from './terminal.ts';

/**
 * Runs a command that tidies up when it is stopped: the first Ctrl-C (or SIGTERM) fires the signal, the second ends the
 * program at once. Ends with a sentence, and with 130 where it was stopped.
 */
export async function interruptible(
  options: OutputOptions,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const onInterrupt = (): void => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
    process.stderr.write('\nStopping. Ctrl-C once more ends at once.\n');
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  try {
    await work(stop.signal);
  } catch (error) {
    if (stop.signal.aborted) {
      process.stderr.write('Stopped. The same line again goes on from here.\n');
      process.exitCode = 130;
    } else fail(options, error);
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}
