import type { Outcome } from '../../src-shared/domain/outcome.ts';
import type { ScanState } from '../../src-shared/domain/scan.ts';
import { words } from '../state/words.svelte.ts';

export type Tone = 'neutral' | 'good' | 'warn' | 'bad' | 'accent';

const outcomeTexts = words('outcomes', {
  done: 'Done',
  'nothing-removed': 'Nothing removed',
  'brain-cut': 'Brain cut',
  'wrong-grid': 'Wrong grid',
  'output-missing': 'No output',
  'output-unreadable': 'Unreadable output',
  'tool-missing': 'Tool missing',
  'atlas-missing': 'Atlas missing',
  'licence-missing': 'Licence missing',
  'brain-mask-missing': 'No brain mask',
  'registration-failed': 'No fit',
  'tool-failed': 'Tool failed',
  'timed-out': 'Timed out',
  killed: 'Killed',
  cancelled: 'Stopped',
});

const outcomeTones: Record<Outcome, Tone> = {
  done: 'good',
  'nothing-removed': 'warn',
  'brain-cut': 'bad',
  'wrong-grid': 'bad',
  'output-missing': 'bad',
  'output-unreadable': 'bad',
  'tool-missing': 'warn',
  'atlas-missing': 'warn',
  'licence-missing': 'warn',
  'brain-mask-missing': 'warn',
  'registration-failed': 'warn',
  'tool-failed': 'bad',
  'timed-out': 'bad',
  killed: 'bad',
  cancelled: 'neutral',
};

const stateTexts = words('states', {
  ok: 'Taken up',
  duplicate: 'Duplicate',
  unreadable: 'Unreadable',
  '4d': '4D',
  'not-3d': 'Not 3D',
  'too-small': 'Too small',
  'no-signal': 'No signal',
  'no-orientation': 'No orientation',
});

const stateTones: Record<ScanState, Tone> = {
  ok: 'good',
  duplicate: 'neutral',
  unreadable: 'bad',
  '4d': 'warn',
  'not-3d': 'warn',
  'too-small': 'warn',
  'no-signal': 'warn',
  'no-orientation': 'warn',
};

/** How outcomes read on the screen, and how loud. */
export const outcomeWords = (outcome: Outcome): { readonly text: string; readonly tone: Tone } => ({
  text: outcomeTexts[outcome],
  tone: outcomeTones[outcome],
});

/** How states of files read on the screen, and how loud. */
export const stateWords = (state: ScanState): { readonly text: string; readonly tone: Tone } => ({
  text: stateTexts[state],
  tone: stateTones[state],
});

const spans = words('spans', { seconds: '{n} s', minutes: '{n} min', hours: '{n} h' });

export function duration(seconds: number): string {
  if (seconds < 90) return spans.seconds({ n: Math.max(1, Math.round(seconds)) });
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? spans.minutes({ n: minutes }) : spans.hours({ n: (minutes / 60).toFixed(1) });
}
