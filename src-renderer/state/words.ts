import type { Outcome } from '../../src-shared/domain/outcome.ts';
import type { ScanState } from '../../src-shared/domain/scan.ts';

type Tone = 'neutral' | 'good' | 'warn' | 'bad' | 'accent';

/** How outcomes and states read on the screen, and how loud. */
export const outcomeWords: Record<Outcome, { readonly text: string; readonly tone: Tone }> = {
  done: { text: 'Done', tone: 'good' },
  'nothing-removed': { text: 'Nothing removed', tone: 'warn' },
  'brain-cut': { text: 'Brain cut', tone: 'bad' },
  'wrong-grid': { text: 'Wrong grid', tone: 'bad' },
  'output-missing': { text: 'No output', tone: 'bad' },
  'output-unreadable': { text: 'Unreadable output', tone: 'bad' },
  'tool-missing': { text: 'Tool missing', tone: 'warn' },
  'atlas-missing': { text: 'Atlas missing', tone: 'warn' },
  'licence-missing': { text: 'Licence missing', tone: 'warn' },
  'brain-mask-missing': { text: 'No brain mask', tone: 'warn' },
  'registration-failed': { text: 'No fit', tone: 'warn' },
  'tool-failed': { text: 'Tool failed', tone: 'bad' },
  'timed-out': { text: 'Timed out', tone: 'bad' },
  killed: { text: 'Killed', tone: 'bad' },
  cancelled: { text: 'Stopped', tone: 'neutral' },
};

export const stateWords: Record<ScanState, { readonly text: string; readonly tone: Tone }> = {
  ok: { text: 'Taken up', tone: 'good' },
  duplicate: { text: 'Duplicate', tone: 'neutral' },
  unreadable: { text: 'Unreadable', tone: 'bad' },
  '4d': { text: '4D', tone: 'warn' },
  'not-3d': { text: 'Not 3D', tone: 'warn' },
  'too-small': { text: 'Too small', tone: 'warn' },
  'no-signal': { text: 'No signal', tone: 'warn' },
  'no-orientation': { text: 'No orientation', tone: 'warn' },
};

export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
