import type { ScanIdentity } from './scan.ts';

/** A BIDS label: letters and digits only, at most 40; empty where nothing is left. */
const label = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '')
    .slice(0, 40);

/**
 * The BIDS name of a scan in the study, without ending: `sub-01_ses-2_acq-x_T1w`. Names that are not BIDS give their letters
 * and digits as the label of the person. `unique` tells it from another scan that would have the same name.
 */
export function outputName(
  identity: Omit<ScanIdentity, 'bids' | 'modalityFrom'>,
  unique: string | null = null,
): string {
  const { person, session, entities, modality } = identity;
  const subject = label(person.split('/').pop() ?? '');
  const parts = [`sub-${subject === '' ? `x${unique ?? ''}` : subject}`];
  if (session !== null && label(session) !== '') parts.push(`ses-${label(session)}`);
  for (const [key, value] of Object.entries(entities)) {
    if (value !== undefined && label(value) !== '' && key !== 'desc')
      parts.push(`${label(key)}-${label(value)}`);
  }
  if (unique !== null && subject !== '') parts.push(`rec-x${unique}`);
  parts.push(modality === 'unknown' ? 'MRI' : modality);
  return parts.join('_');
}

export interface OutputPaths {
  readonly image: string;
  readonly sidecar: string;
  readonly mask: string;
  readonly views: string;
}

/** Where what one tool made of a scan lies, below the study folder. */
export function defacingPaths(name: string, tool: string): OutputPaths {
  const { folder, stem, suffix } = partsOf(name);
  const desc = label(tool);
  return {
    image: `${folder}/${stem}_desc-${desc}_${suffix}.nii.gz`,
    sidecar: `${folder}/${stem}_desc-${desc}_${suffix}.json`,
    mask: `${folder}/${stem}_mod-${suffix}_desc-${desc}_defacemask.nii.gz`,
    views: viewsFolder(name, tool),
  };
}

/** Where the brain mask of a scan lies, below the study folder. */
export function brainPath(name: string): string {
  const { folder, stem, suffix } = partsOf(name);
  return `${folder}/${stem}_mod-${suffix}_desc-brain_mask.nii.gz`;
}

/** Folder of the five views of the original, or of what a tool made of it. */
export const viewsFolder = (name: string, tool = 'original'): string => `views/${name}/${tool}`;

function partsOf(name: string): { folder: string; stem: string; suffix: string } {
  const parts = name.split('_');
  const suffix = parts.pop() ?? '';
  const session = parts.find((part) => part.startsWith('ses-'));
  const folder = ['derivatives/defaceqa', parts[0], ...(session === undefined ? [] : [session]), 'anat'];
  return { folder: folder.join('/'), stem: parts.join('_'), suffix };
}
