import { scrubSidecar } from '../domain/sidecar.ts';

const word = /^[A-Za-z0-9_\\/+. -]{1,40}$/;
const numbers = (value: unknown): boolean =>
  typeof value === 'number' || (Array.isArray(value) && value.every((each) => typeof each === 'number'));
const texts = (pattern: RegExp) => (value: unknown) => typeof value === 'string' && pattern.test(value);
const lists =
  (pattern: RegExp) =>
  (value: unknown): boolean =>
    [value].flat().every((each) => typeof each === 'string' && pattern.test(each));

const makers = /^(siemens( healthineers| healthcare)?|ge( medical systems| healthcare)?|philips( medical systems| healthcare)?|toshiba|canon( medical systems)?|hitachi( medical( corporation)?)?|united imaging( healthcare)?|uih|bruker( biospin)?|fonar|esaote|hyperfine|neusoft)$/i; // prettier-ignore
/** Words that names of scanner models are made of; a model none of which is known stays. */
const modelWord =
  /^(magnetom|prisma|fit|trio|tim|triotim|skyra|verio|avanto|aera|amira|espree|allegra|symphony|sonata|sonatavision|vida|lumina|sola|altea|harmony|biograph|mmr|terra|signa|discovery|optima|creator|premier|architect|pioneer|voyager|artist|hero|explorer|excite|hdxt?|hde|genesis|achieva|ingenia|intera|gyroscan|panorama|ambition|elition|multiva|prodiva|dstream|titan|vantage|galan|orian|elan|echelon|oasis|aperto|umr|swoop|pet|mr|mri|nvi|advance|connectom|investigational|device|\d*\.?\d+t?|mr\d+[a-z]?|umr\d+|[a-z]{1,2}\d*|x+)$/i;
const model = (value: unknown): boolean =>
  typeof value === 'string' &&
  word.test(value) &&
  value.split(/[ _/-]+/).every((part) => modelWord.test(part));
const codes = lists(/^[A-Z0-9_]{1,16}$/);

/** Texts that may leave, each by the shape it must have. Numbers of the keys of `scrubSidecar` may all leave. */
const allowedTexts: Readonly<Record<string, (value: unknown) => boolean>> = {
  Modality: texts(/^MR$/),
  Manufacturer: texts(makers),
  ManufacturersModelName: model,
  PatientPosition: texts(/^(HF|FF)[SPDR]{1,2}$/),
  MRAcquisitionType: texts(/^[123]D$/),
  ScanningSequence: codes,
  SequenceVariant: codes,
  ScanOptions: codes,
  PhaseEncodingDirection: texts(/^[ijkxyz]-?$/),
  InPlanePhaseEncodingDirectionDICOM: texts(/^(ROW|COL)$/),
  ConversionSoftware: texts(/^(dcm2niix|heudiconv|mrconvert|dicm2nii)$/i),
  ConversionSoftwareVersion: texts(/^v?[\d.]{1,24}$/),
};

/** What of an original's sidecar may leave: numbers, and texts of a known shape. Everything else is named as dropped. */
export function sharedAcquisition(sidecar: Readonly<Record<string, unknown>>): {
  readonly kept: Record<string, unknown>;
  readonly dropped: readonly string[];
} {
  const scrubbed = scrubSidecar(sidecar);
  const kept = Object.fromEntries(
    Object.entries(scrubbed).filter(
      ([key, value]) =>
        numbers(value) ||
        typeof value === 'boolean' ||
        (Object.hasOwn(allowedTexts, key) && allowedTexts[key](value)),
    ),
  );
  const dropped = Object.keys(sidecar).filter((key) => !Object.hasOwn(kept, key));
  return { kept, dropped };
}

export interface SidecarFacts {
  readonly acquisition: Readonly<Record<string, unknown>>;
  readonly tool: { readonly id: string; readonly title: string; readonly version: string };
  /** BIDS URI of the original in the data set it came from; null for a plain folder. */
  readonly source: string | null;
  readonly description: string;
  readonly skullStripped: boolean;
  /** What was done to voxels after defacing, in words; empty for nothing. */
  readonly processing: readonly string[];
}

/** The sidecar of one exported image: acquisition facts, where it came from, and how it was de-identified. */
export function imageSidecar(facts: SidecarFacts): Record<string, unknown> {
  const { acquisition, tool, source, description, skullStripped, processing } = facts;
  const maker = `${tool.title} ${tool.version}`.trim();
  return {
    ...acquisition,
    Description: description,
    ...(source !== null && { Sources: [source] }),
    SkullStripped: skullStripped,
    ...(processing.length > 0 && { Processing: processing }),
    DeidentificationMethod: [maker],
    DeidentificationMethodCodeSequence: [
      {
        CodeValue: '113102',
        CodingSchemeDesignator: 'DCM',
        CodeMeaning: 'Clean Recognizable Visual Features Option',
      },
      { CodeValue: tool.id, CodingSchemeDesignator: '99DEFACEQA', CodeMeaning: maker },
    ],
  };
}

/** The sidecar of the mask of what was removed. */
export const maskSidecar = (tool: SidecarFacts['tool'], source: string | null): Record<string, unknown> => ({
  Description: `Voxels removed by ${tool.title}: 1 removed, 0 kept`,
  Type: 'Face',
  ...(source !== null && { Sources: [source] }),
  SkullStripped: false,
});
