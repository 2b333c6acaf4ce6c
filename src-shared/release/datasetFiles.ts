import type { Criterion } from '../rating/verdict.ts';

export interface DatasetFacts {
  readonly name: string;
  readonly software: string;
  readonly criterion: Criterion;
  readonly version: string;
  /** UTC day, `2026-11-24`. */
  readonly date: string;
  readonly authors: readonly string[];
  readonly licence: string | null;
  /** Random identity of the study, for `DatasetLinks`. */
  readonly studyId: string;
  readonly scans: number;
  readonly persons: number;
  readonly tools: readonly { readonly id: string; readonly title: string; readonly version: string }[];
  readonly acceptedExceptions: number;
  readonly processing: readonly string[];
  readonly newLabels: boolean;
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const plural = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;

export const datasetDescription = (facts: DatasetFacts): string =>
  json({
    Name: facts.name,
    BIDSVersion: '1.10.0',
    DatasetType: 'derivative',
    ...(facts.licence !== null && { License: facts.licence }),
    ...(facts.authors.length > 0 && { Authors: facts.authors }),
    GeneratedBy: [
      {
        Name: 'DefaceQA Workstation',
        Version: facts.software,
        Description: `Defaced head scans that were found adequate under the ${facts.criterion} criterion`,
      },
      ...facts.tools.map(({ title, version }) => ({ Name: title, Version: version })),
    ],
    DatasetLinks: { raw: `urn:uuid:${facts.studyId}` },
  });

/** What this folder is, in words for whoever gets it. */
export function readmeText(facts: DatasetFacts): string {
  const { criterion, acceptedExceptions: exceptions } = facts;
  return `# ${facts.name}

Head MRI scans of ${plural(facts.persons, 'person')}, ${plural(facts.scans, 'defaced image')}. The face was removed by ${facts.tools
    .map(({ title, version }) => `${title} ${version}`.trim())
    .join(', ')}.

Each image is adequate under the ${criterion} criterion of DefaceQA (Khodaei Dolouei, Sadeghi, Kirsten, BMC Medical
Imaging 2026;26:109, doi 10.1186/s12880-026-02207-4)${
    exceptions === 0
      ? ': its final label says so.'
      : `, or was accepted by a named person with a reason (${plural(exceptions, 'image')}; column \`accepted\` of \`qa.tsv\`).`
  }
${
  criterion === 'strict'
    ? 'Strict: mouth, nose, eyes and their superficial tissue are gone, and most of cheek and jaw.'
    : 'Lenient: a minimal trace of one feature may remain if the face as a whole is gone.'
}
This does not mean that nobody can be recognised in them.

Images keep the grid, data type and scaling of their originals, and every kept voxel its stored value${
    facts.processing.length === 0
      ? ''
      : '; images marked otherwise by their `desc` entity were processed further'
  }.
${facts.processing.map((line) => `- ${line}\n`).join('')}
## Files

- \`sub-*/\`: images, their sidecars, and masks of what was removed (\`defacemask\`: 1 removed)
- \`qa.tsv\`, \`qa.json\`: measurements of each image and what they mean
- \`participants.tsv\`: people; ages of 89 and more are given as 89+
- \`manifest-sha256.txt\`: SHA-256 of every other file; check with \`sha256sum -c manifest-sha256.txt\`
- \`CHANGES\`: versions of this data set

\`qa.*\` and the manifest are no files BIDS knows and stand in \`.bidsignore\`.
`;
}

/** CHANGES as BIDS asks: the newest version first, in the format of CPAN. */
export const changesText = ({ version, date, scans, persons, criterion, newLabels }: DatasetFacts): string =>
  `${version} ${date}\n  - ${plural(scans, 'image')} of ${plural(persons, 'person')}, adequate under the ${criterion} criterion\n${
    newLabels ? '  - People bear labels that were drawn for this data set\n' : ''
  }`;

export const bidsIgnore = 'qa.tsv\nqa.json\nmanifest-sha256.txt\n';

export interface ManifestEntry {
  readonly path: string;
  readonly sha256: string;
}

/** Lines that `sha256sum -c` reads, in the order of paths. */
export const manifestText = (entries: readonly ManifestEntry[]): string =>
  [...entries]
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
    .map(({ path, sha256 }) => `${sha256}  ${path}\n`)
    .join('');

export const prettyJson = json;
