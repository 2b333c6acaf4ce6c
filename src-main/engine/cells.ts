import { AppError } from '../../src-shared/api/appError.ts';
import type { StepUnderWay } from '../../src-shared/api/batchCalls.ts';

interface UnderWay {
  readonly scanId: string;
  readonly step: string;
  readonly since: number;
  readonly stop: AbortController;
  progress: number | null;
}

export type Cells = ReturnType<typeof openCells>;

/** The steps being carried out now, and the wish to stop one of them, or one that has not begun. */
export function openCells(milliseconds: () => number) {
  const underWay = new Map<string, UnderWay>();
  const unwanted = new Set<string>();
  const keyOf = (scanId: string, step: string): string => `${scanId} ${step}`;
  const stopped = (): AppError =>
    new AppError('cancelled', 'This was stopped. The same again goes on where it was.');
  return {
    /** A step begins; its signal aborts when it is stopped. */
    begin(scanId: string, step: string) {
      const key = keyOf(scanId, step);
      const cell: UnderWay = {
        scanId,
        step,
        since: milliseconds(),
        stop: new AbortController(),
        progress: null,
      };
      if (unwanted.delete(key)) cell.stop.abort(stopped());
      underWay.set(key, cell);
      return {
        signal: cell.stop.signal,
        report: (progress: number): void => void (cell.progress = progress),
        end: (): void => void underWay.delete(key),
      };
    },
    /** Ends a step under way; one that has not begun is left out when its turn comes. */
    stop(scanId: string, step: string): void {
      const cell = underWay.get(keyOf(scanId, step));
      if (cell === undefined) unwanted.add(keyOf(scanId, step));
      else cell.stop.abort(stopped());
    },
    /** What a run that begins does not inherit. */
    forgetStops: (): void => unwanted.clear(),
    list: (): StepUnderWay[] =>
      [...underWay.values()].map(({ scanId, step, since, progress }) => ({
        scanId,
        step,
        progress,
        seconds: Math.round((milliseconds() - since) / 1000),
      })),
  };
}
