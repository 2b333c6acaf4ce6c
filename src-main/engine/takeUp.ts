import type { Scan } from '../../src-shared/domain/study.ts';
import type { Engine } from './engine.ts';

/** States that are taken up on request, and what is then said of the scan. */
const onRequest = {
  '4d': (scan: Scan) => `${scan.image?.volumeCount ?? 0} volumes, one mask for all of them.`,
  'no-orientation': () =>
    'Taken up on request though its header does not say how the head lies: left and right are a guess.',
} as const;

/**
 * Takes up what the settings of the study ask for, and gives it back to its state where they no longer do. Scans that can
 * not be read at all stay as they are.
 */
export function takeUpOnRequest({ scans, settings }: Pick<Engine, 'scans' | 'settings'>): void {
  const { takeUp4d = false, takeUpWithoutOrientation = false } = settings();
  const asked = { '4d': takeUp4d, 'no-orientation': takeUpWithoutOrientation };
  for (const scan of scans.list()) {
    const by = requestFor(scan);
    if (by === null) continue;
    if (scan.state === by && asked[by]) scans.save({ ...scan, state: 'ok', reason: onRequest[by](scan) });
    else if (scan.state === 'ok' && !asked[by]) scans.save({ ...scan, state: by, reason: notAsked[by] });
  }
}

const notAsked = {
  '4d': 'This file holds several volumes (4D). It can be defaced with one mask for all of them if you ask for it.',
  'no-orientation':
    'The header does not say how the head lies (no sform, no qform), so left and right are a guess. ' +
    'Convert it again from its source, or take it up as it is if you know its orientation.',
} as const;

function requestFor({ state, image }: Scan): keyof typeof onRequest | null {
  if (image === null || (state !== 'ok' && state !== '4d' && state !== 'no-orientation')) return null;
  if (image.volumeCount > 1) return '4d';
  return image.orientationSource === 'spacing' ? 'no-orientation' : null;
}
