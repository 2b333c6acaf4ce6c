import type { SuspicionKind } from '../../src-shared/suspects/suspicion.ts';
import { words } from '../state/words.svelte.ts';

const texts = words('suspicions', {
  'already-defaced': 'Already defaced?',
  'defacing-claimed': 'Defacing claimed',
  'brain-extracted': 'Brain extracted?',
  'incomplete-head': 'Head incomplete?',
  'not-a-head': 'Not a head?',
  'wrong-way-round': 'Wrong way round?',
  'near-duplicate': 'Near duplicate?',
});

/** How a suspicion reads on a badge. */
export const suspicionWords = (kind: SuspicionKind): string => texts[kind];
