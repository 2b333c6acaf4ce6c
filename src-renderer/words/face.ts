import { words } from '../state/words.svelte.ts';
import { regionTitles } from '../../src-shared/regions/faceRegion.ts';

/** The small diagram of a face: its parts, and what is left of one. */
export const faceWords = words('face', {
  ...regionTitles,
  face: 'Face',
  part: '{region}: {state}',
  left: '{state}, {percent} % left',
  gone: 'gone',
  trace: 'trace',
  present: 'present',
  unknown: 'not judged',
});
