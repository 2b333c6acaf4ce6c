import type { Scan } from '../domain/study.ts';
import { isCode } from './codeLabel.ts';

/** How people are called outside: as they are now, or by numbers drawn for this study. */
export type Labelling = 'keep' | 'new';

export interface NameFacts {
  readonly scan: Pick<Scan, 'person' | 'session' | 'modality' | 'entities' | 'name'>;
  /** The number of the person, where new labels are given. */
  readonly newLabel: string;
  /** Which session of the person this is, from 1; used with new labels. */
  readonly sessionNumber: number;
  /** Which scan of the same person, session and contrast this is, from 1; used with new labels. */
  readonly run: number;
  /** How many there are of them. */
  readonly runs: number;
}

const label = (text: string): string => text.normalize('NFKD').replace(/[^A-Za-z0-9]+/g, '');

/** Entities BIDS allows for anatomical images, in the order it wants them. */
const entityOrder = ['task', 'acq', 'ce', 'trc', 'rec', 'run', 'echo', 'inv', 'part', 'mt'];

export interface SharedName {
  readonly person: string;
  readonly session: string | null;
  /** `sub-01[_ses-2][_acq-x]`, without suffix. */
  readonly stem: string;
  readonly suffix: string;
  /** Labels that read as words and may be names. */
  readonly doubtful: readonly string[];
}

/** The name of a scan outside. With new labels nothing of the original name is in it but the contrast. */
export function sharedName(
  { scan, newLabel, sessionNumber, run, runs }: NameFacts,
  labelling: Labelling,
): SharedName {
  if (labelling === 'new') {
    const session = scan.session === null ? null : String(sessionNumber);
    const stem = [`sub-${newLabel}`, ...(session === null ? [] : [`ses-${session}`])];
    if (runs > 1) stem.push(`run-${run}`);
    return { person: newLabel, session, stem: stem.join('_'), suffix: scan.modality, doubtful: [] };
  }
  // The study's own name is unique, so its parts are kept as they are.
  const parts = scan.name.split('_');
  const suffix = parts.pop() ?? '';
  const value = (key: string): string | null =>
    parts.find((part) => part.startsWith(`${key}-`))?.slice(key.length + 1) ?? null;
  const ordered = [
    `sub-${value('sub') ?? ''}`,
    ...(value('ses') === null ? [] : [`ses-${value('ses') ?? ''}`]),
    ...entityOrder.filter((key) => value(key) !== null).map((key) => `${key}-${label(value(key) ?? '')}`),
  ];
  const labels = ordered.map((part) => part.slice(part.indexOf('-') + 1));
  return {
    person: value('sub') ?? '',
    session: value('ses'),
    stem: ordered.join('_'),
    suffix,
    doubtful: labels.filter((each) => !isCode(each)),
  };
}

export interface SharedPaths {
  readonly image: string;
  readonly sidecar: string | null;
  readonly mask: string | null;
  readonly maskSidecar: string | null;
}

/** Paths of one defacing in a BIDS derivative, `/` between the parts. `desc` names the tool and what else was done. */
export function bidsPaths(name: SharedName, desc: string): SharedPaths {
  const { person, session, stem, suffix } = name;
  const folder = [`sub-${person}`, ...(session === null ? [] : [`ses-${session}`]), 'anat'].join('/');
  const image = `${folder}/${stem}_desc-${label(desc)}_${suffix}`;
  const mask = `${folder}/${stem}_mod-${suffix}_desc-${label(desc)}_defacemask`;
  return {
    image: `${image}.nii.gz`,
    sidecar: `${image}.json`,
    mask: `${mask}.nii.gz`,
    maskSidecar: `${mask}.json`,
  };
}

/** Path of one defacing in a plain folder: `name_<tool>.nii.gz`, the paper's convention (pydeface, quickshear, fsldeface, mrideface). */
export const plainPaths = (name: SharedName, tool: string): SharedPaths => ({
  image: `${name.stem}_${name.suffix}_${label(tool)}.nii.gz`,
  sidecar: null,
  mask: null,
  maskSidecar: null,
});
