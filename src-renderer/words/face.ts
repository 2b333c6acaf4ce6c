import { words } from '../state/words.svelte.ts';
import { regionTitles } from '../../src-shared/regions/faceRegion.ts';

/** The same where a column is narrow. */
const shortTitles = {
  short_forehead: 'Forehead',
  'short_left-eye': 'L eye',
  'short_right-eye': 'R eye',
  short_nose: 'Nose',
  short_mouth: 'Mouth',
  'short_chin-jaw': 'Chin',
  'short_left-cheek': 'L cheek',
  'short_right-cheek': 'R cheek',
  'short_left-ear': 'L ear',
  'short_right-ear': 'R ear',
} as const;

/** The small diagram of a face: its parts, and what is left of one. */
export const faceWords = words('face', {
  ...regionTitles,
  ...shortTitles,
  face: 'Face',
  part: '{region}: {state}',
  left: '{state}, {percent} % left',
  gone: 'gone',
  trace: 'trace',
  present: 'present',
  unknown: 'not judged',
});
