import {
  modalities,
  modalityOfSidecar,
  modalityOfText,
  type ContrastFields,
  type Modality,
} from './modality.ts';
import type { ScanIdentity } from './scan.ts';

const niftiEnding = /\.(nii|hdr|img)(\.gz)?$/i;

/** Whether a file name ends like an image's: `.nii`, `.nii.gz`, or `.hdr` of a pair (its `.img` belongs to it). */
export const isImageName = (name: string): boolean => /\.(nii(\.gz)?|hdr(\.gz)?)$/i.test(name);

/** The file name without its image ending. */
export const stemOf = (name: string): string => name.replace(niftiEnding, '');

/**
 * Who and what a file is. `relativePath` below the folder chosen, with `/` between its parts. A name in BIDS form
 * (`sub-01_ses-2_acq-x_T1w`) says all itself, and folders `sub-01/ses-2` say it for other names. Elsewhere the whole stem is
 * the person, folders in front of it: two files are then never taken for one person by a guess. A user's table can join them.
 */
export function identify(relativePath: string, sidecar: ContrastFields | null = null): ScanIdentity {
  const parts = relativePath.normalize('NFC').split('/');
  const stem = stemOf(parts.pop() ?? '');
  const { entities, suffix } = bidsName(stem);
  const folder = (key: string): string | undefined =>
    parts
      .findLast((part) => part.startsWith(`${key}-`) && part.length > key.length + 1)
      ?.slice(key.length + 1);
  const { sub = folder('sub'), ses = folder('ses'), ...others } = entities;
  const named = modalities.find((modality) => modality === suffix && modality !== 'unknown');
  const { modality, modalityFrom } = contrast(named ?? modalityOfText(stem), sidecar);
  return {
    person: sub ?? [...parts, stem].join('/'),
    session: ses ?? null,
    modality,
    modalityFrom,
    entities: others,
    bids: entities.sub !== undefined && suffix !== null,
  };
}

function contrast(
  named: Modality,
  sidecar: ContrastFields | null,
): Pick<ScanIdentity, 'modality' | 'modalityFrom'> {
  if (named !== 'unknown') return { modality: named, modalityFrom: 'name' };
  const told = sidecar === null ? 'unknown' : modalityOfSidecar(sidecar);
  return { modality: told, modalityFrom: told === 'unknown' ? 'none' : 'sidecar' };
}

/** `key-label` parts joined by `_`, then a suffix: the BIDS file name. A name that does not begin with `sub-` has none. */
function bidsName(stem: string): { entities: Partial<Record<string, string>>; suffix: string | null } {
  if (!/^sub-[^_]+/.test(stem)) return { entities: {}, suffix: null };
  const entities: Partial<Record<string, string>> = {};
  let suffix: string | null = null;
  for (const part of stem.split('_')) {
    const match = /^([a-zA-Z]+)-(.+)$/.exec(part);
    if (match !== null && !(match[1] in entities)) entities[match[1]] = match[2];
    else suffix = part;
  }
  return { entities, suffix };
}
