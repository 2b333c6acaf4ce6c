import { createHmac } from 'node:crypto';
import { open } from 'node:fs/promises';
import dicomParser from 'dicom-parser';
import { guessContrast } from '../../src-shared/domain/guessContrast.ts';
import type { DicomSeries } from '../../src-shared/domain/dicomSeries.ts';

/** The library's types say that every tag is there; most are not. */
type DataSet = Omit<dicomParser.DataSet, 'elements'> & { elements: Partial<dicomParser.DataSet['elements']> };

/** What one file says of its series, identities already hashed. `files` counts this file. */
export type FileFacts = DicomSeries;

const pixelData = 'x7fe00010';
const firstBytes = 256 * 1024;

/**
 * Reads the header of a DICOM file (PS3.10, with preamble) up to the pixel data. Null where the file is not DICOM
 * or holds no image. Names, numbers and dates that identify a person are hashed with `key` and dropped here.
 */
export async function readDicomHeader(path: string, key: string): Promise<FileFacts | null> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const head = await readStart(file, Math.min(size, firstBytes));
    if (head.toString('latin1', 128, 132) !== 'DICM') return null;
    const data = parse(head) ?? (size > firstBytes ? parse(await readStart(file, size)) : null);
    return data === null ? null : factsOf(data, key);
  } finally {
    await file.close();
  }
}

async function readStart(file: Awaited<ReturnType<typeof open>>, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
  return buffer.subarray(0, bytesRead);
}

/** Null where the bytes end inside an element or make no sense. */
function parse(bytes: Buffer): DataSet | null {
  try {
    return dicomParser.parseDicom(bytes, { untilTag: pixelData });
  } catch {
    return null;
  }
}

function factsOf(data: DataSet, key: string): FileFacts | null {
  const text = (tag: string): string =>
    data.elements[tag] === undefined ? '' : (data.string(tag) ?? '').trim();
  const number = (tag: string): number | null => {
    const value = Number.parseFloat(text(tag));
    return Number.isFinite(value) ? value : null;
  };
  const short = (tag: string): number | null =>
    data.elements[tag] === undefined ? null : (data.uint16(tag) ?? null);
  const hashed = (...parts: string[]): string =>
    createHmac('sha256', key).update(parts.join('\u0000')).digest('hex').slice(0, 12);

  const series = text('x0020000e');
  if (series === '' || short('x00280010') === null) return null;
  const description = text('x0008103e') || text('x00181030');
  const repetitionTimeMs = number('x00180080');
  const echoTimeMs = number('x00180081');
  const inversionTimeMs = number('x00180082');
  const scanningSequence = text('x00180020').split('\\');
  const pixelSpacing = text('x00280030').split('\\').map(Number.parseFloat);
  return {
    seriesKey: hashed('series', series),
    personKey: personKey(text, hashed),
    visitKey: hashed('visit', text('x0020000d')),
    modality: guessContrast({
      names: [text('x0008103e'), text('x00181030'), text('x00180024')],
      repetitionTimeMs,
      echoTimeMs,
      inversionTimeMs,
      scanningSequence,
    }),
    description,
    sequence: [text('x00180020'), text('x00180021'), text('x00180023')]
      .filter((part) => part !== '')
      .join(' '),
    repetitionTimeMs,
    echoTimeMs,
    inversionTimeMs,
    fieldStrengthT: number('x00180087'),
    manufacturer: text('x00080070'),
    model: text('x00081090'),
    rows: short('x00280010'),
    columns: short('x00280011'),
    pixelSpacingMm: Number.isFinite(pixelSpacing[0]) ? pixelSpacing[0] : null,
    sliceSpacingMm: number('x00180088') ?? number('x00180050'),
    files: number('x00280008') ?? 1,
    ageYears: ageYears(text),
    sex: (['F', 'M', 'O'] as const).find((sex) => sex === text('x00100040')) ?? null,
    deidentificationCodes: codesOf(data),
    unusable: unusable(text),
  };
}

/** PatientID with its issuer; where it is empty, name and birth date. */
function personKey(text: (tag: string) => string, hashed: (...parts: string[]) => string): string {
  const id = text('x00100020');
  return id === ''
    ? hashed('person', text('x00100010').toUpperCase(), text('x00100030'))
    : hashed('person', id, text('x00100021'));
}

/** PatientAge ("051Y", "018M"), else from birth and study dates, whole years. */
function ageYears(text: (tag: string) => string): number | null {
  const age = /^(\d{3})([DWMY])$/.exec(text('x00101010'));
  if (age !== null) {
    const perYear = { D: 365.25, W: 52.18, M: 12, Y: 1 }[age[2]] ?? 1;
    return Math.floor(Number(age[1]) / perYear);
  }
  const [birth, study] = [text('x00100030'), text('x00080020')];
  if (!/^\d{8}$/.test(birth) || !/^\d{8}$/.test(study)) return null;
  const years = Math.floor((Number(study) - Number(birth)) / 10_000);
  return years >= 0 && years < 130 ? years : null;
}

function codesOf(data: DataSet): string[] {
  const items = data.elements.x00120064?.items ?? [];
  return items.flatMap(({ dataSet }) => {
    const value = dataSet?.string('x00080100')?.trim() ?? '';
    return value === '' ? [] : [value];
  });
}

function unusable(text: (tag: string) => string): string | null {
  const modality = text('x00080060');
  if (modality !== 'MR') return `Not an MR image (${modality === '' ? 'no modality given' : modality}).`;
  const kinds = text('x00080008').toUpperCase().split('\\');
  if (kinds.includes('LOCALIZER')) return 'A localiser.';
  if (
    kinds.includes('DERIVED') &&
    kinds.some((kind) => ['ADC', 'FA', 'TRACEW', 'PROJECTION IMAGE', 'MIP'].includes(kind))
  ) {
    return 'A map or projection computed from other images.';
  }
  return null;
}
