import { readFile } from 'node:fs/promises';
import { stemOf } from '../../src-shared/domain/scanIdentity.ts';
import type { IdentitySource } from '../../src-shared/release/identityTokens.ts';
import { sharedAcquisition } from '../../src-shared/release/exportSidecar.ts';
import { describesGroups } from '../../src-shared/release/participantsTable.ts';
import { headerTexts, type HeaderText } from '../../src-shared/volume/headerText.ts';
import { parseNiftiHeader } from '../../src-shared/volume/nifti.ts';
import { findPair } from '../files/niftiPair.ts';
import { unpackBeginning } from '../files/unpackBeginning.ts';

/** Keys of sidecars (dcm2niix, BIDS) that name a person, a place, a device or a moment. */
const namingKeys =
  /^(patient(name|id|birthdate|address|telephonenumbers|comments?)|otherpatient(ids|names)|issuerofpatientid|accessionnumber|study(id|instanceuid|date|time)|series(instanceuid|date|time)|acquisition(datetime|date|time)|content(date|time)|institution\w*|stationname|deviceserialnumber|referringphysician\w*|performingphysician\w*|physician\w*|operators?name|requesting\w*|responsibleperson|ethnicgroup|occupation|medicalrecordlocator)$/i;

/** Columns of a table of people that name or number a person. */
const namingColumns =
  /name|initial|birth|dob|mrn|ssn|insurance|address|street|phone|mail|patient|pseudonym|identifier|(^|[_ ])id$/i;

/** What a header can hold before its voxels; extensions beyond are cut off with the rest. */
const headerReach = 65_536;

/** Texts about people that came with one scan: its sidecar as it lies beside the original, and its header. */
export async function identitiesOfScan(path: string): Promise<{
  readonly sources: IdentitySource[];
  readonly headerFields: string[];
}> {
  const sources: IdentitySource[] = [];
  const fields = await rawSidecar(path);
  // What may leave anyway (maker, model, sequence) says nothing about a person.
  const harmless = sharedAcquisition(fields).kept;
  for (const [key, value] of Object.entries(fields)) {
    if (Object.hasOwn(harmless, key)) continue;
    for (const text of textsOf(value)) sources.push({ kind: key, text, names: namingKeys.test(key) });
  }
  const texts = await headerOf(path);
  for (const { field, text } of texts) sources.push({ kind: field, text, names: text.includes('^') });
  return { sources, headerFields: [...new Set(texts.map(({ field }) => field))] };
}

/** What the study's table of participants says of a person. */
export const identitiesOfPerson = (facts: Readonly<Record<string, string | null>>): IdentitySource[] =>
  Object.entries(facts)
    .filter(([column, value]) => value !== null && !describesGroups(column))
    .map(([column, value]) => ({ kind: column, text: value ?? '', names: namingColumns.test(column) }));

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsOf);
  return [];
}

/** The sidecar as it is; empty where there is none or it can not be read, which import has told already. */
async function rawSidecar(path: string): Promise<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(
      (await readFile(`${stemOf(path)}.json`, 'utf8')).replace(/^\uFEFF/, ''),
    );
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Text of the original's header; empty where the original is no longer there. */
async function headerOf(path: string): Promise<HeaderText[]> {
  try {
    const { headerPath } = await findPair(path);
    const beginning = await unpackBeginning(headerPath, headerReach);
    const header = parseNiftiHeader(beginning);
    const end = header.pair ? beginning.length : Math.min(header.voxelOffset, beginning.length);
    return headerTexts({ header, headerBytes: beginning.subarray(0, end) });
  } catch {
    return [];
  }
}
