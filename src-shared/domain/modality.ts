/** MRI contrast of a scan, named by its BIDS suffix; `unknown` where neither name, sidecar nor user says. */
export const modalities = ['T1w', 'T2w', 'FLAIR', 'PDw', 'unknown'] as const;
export type Modality = (typeof modalities)[number];

/** Words of scanners and labs, in the order they are looked for: a T2 FLAIR is a FLAIR, an MPRAGE is a T1. */
const words: readonly (readonly [Modality, RegExp])[] = [
  ['FLAIR', /flair|dark.?fluid|\btirm\b|\bdf\b/],
  ['T1w', /t1(?!\d)|mp.?rage|mp2rage|\bmpr\b|spgr|bravo|\btfl(?:3d)?\b|\btfe\b|fl[23]d|memprage/],
  ['PDw', /\bpdw?\b|proton.?dens/],
  ['T2w', /t2(?!\d|.?star|\*)|\bspace\b|\bcube\b/],
];

/** The contrast a name or a description speaks of, `unknown` where it names none. */
export function modalityOfText(text: string): Modality {
  const spaced = text.toLowerCase().replace(/[_\-.,;:/\\()[\]+]/g, ' ');
  return words.find(([, pattern]) => pattern.test(spaced))?.[0] ?? 'unknown';
}

/** Fields of a BIDS or dcm2niix sidecar that tell the contrast; times in seconds. */
export interface ContrastFields {
  readonly SeriesDescription?: unknown;
  readonly ProtocolName?: unknown;
  readonly SequenceName?: unknown;
  readonly PulseSequenceDetails?: unknown;
  readonly ScanningSequence?: unknown;
  readonly RepetitionTime?: unknown;
  readonly EchoTime?: unknown;
  readonly InversionTime?: unknown;
}

/**
 * The contrast a sidecar tells: what its descriptions say in words, else what its times mean. Times count only where they
 * are typical beyond doubt: FLAIR inverts after 1.5 to 3 s with a long echo; T2 and PD spin echoes repeat slowly and
 * differ by their echo; T1 has a short echo and either a short repetition or a gradient echo prepared by inversion.
 */
export function modalityOfSidecar(fields: ContrastFields): Modality {
  for (const field of [
    fields.SeriesDescription,
    fields.ProtocolName,
    fields.PulseSequenceDetails,
    fields.SequenceName,
  ]) {
    const named = typeof field === 'string' ? modalityOfText(field) : 'unknown';
    if (named !== 'unknown') return named;
  }
  const number = (value: unknown): number => (typeof value === 'number' && value > 0 ? value : NaN);
  const [repetition, echo, inversion] = [fields.RepetitionTime, fields.EchoTime, fields.InversionTime].map(
    number,
  );
  const sequence = JSON.stringify(fields.ScanningSequence ?? '').toUpperCase();
  if (inversion >= 1.5 && inversion <= 3 && echo >= 0.05) return 'FLAIR';
  if (echo <= 0.03 && (repetition <= 0.9 || (inversion < 1.5 && sequence.includes('GR')))) return 'T1w';
  if (sequence.includes('SE') && repetition >= 1.8 && !(inversion > 0)) {
    if (echo >= 0.06) return 'T2w';
    if (echo <= 0.03) return 'PDw';
  }
  return 'unknown';
}
