import type { Modality } from './modality.ts';

/** What a sidecar or a DICOM header says about how an image was taken. Times in milliseconds, null where unsaid. */
export interface SequenceFacts {
  /** Free text: series description, protocol or sequence name. */
  readonly names: readonly string[];
  readonly repetitionTimeMs: number | null;
  readonly echoTimeMs: number | null;
  readonly inversionTimeMs: number | null;
  /** DICOM (0018,0020) or the sidecar's ScanningSequence: GR, SE, IR, EP, RM. */
  readonly scanningSequence: readonly string[];
}

const words: readonly (readonly [RegExp, Modality])[] = [
  [/flair|dark[-_ ]?fluid|tirm/i, 'FLAIR'],
  [/(^|[^a-z])(pd|proton)(w|[^a-z]|$)/i, 'PDw'],
  [/mp2?rage|spgr|bravo|(^|[^a-z0-9])t1|(^|[^a-z])(tfl|flash|tfe)([^a-z]|$)/i, 'T1w'],
  [/(^|[^a-z0-9])t2(?!\*|star|_star)/i, 'T2w'],
];

/**
 * The contrast an image most likely has: from its names first, else from its times. The limits are the usual ones of
 * clinical spin echo at 1.5 to 3 T (T1: TE < 30, TR < 1000; T2: TE > 70, TR > 2000; FLAIR: T2 with TI > 1500;
 * inversion-prepared gradient echo: T1). `unknown` where they do not decide.
 */
export function guessContrast(facts: SequenceFacts): Modality {
  for (const name of facts.names) {
    for (const [word, modality] of words) if (word.test(name)) return modality;
  }
  const { repetitionTimeMs: tr, echoTimeMs: te, inversionTimeMs: ti, scanningSequence } = facts;
  if (scanningSequence.includes('EP') || tr === null || te === null) return 'unknown';
  const gradientEcho = scanningSequence.includes('GR') && !scanningSequence.includes('SE');
  if (gradientEcho) return te < 10 && (ti !== null || tr < 1000) ? 'T1w' : 'unknown';
  if (ti !== null && ti > 1500 && te > 70) return 'FLAIR';
  if (te > 70 && tr > 2000) return 'T2w';
  if (te < 30 && tr < 1000) return 'T1w';
  return te < 30 && tr > 1500 ? 'PDw' : 'unknown';
}
