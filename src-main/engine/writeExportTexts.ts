import type { ExportOptions } from '../../src-shared/api/exportCalls.ts';
import {
  bidsIgnore,
  changesText,
  datasetDescription,
  prettyJson,
  readmeText,
  type DatasetFacts,
} from '../../src-shared/release/datasetFiles.ts';
import { imageSidecar, maskSidecar } from '../../src-shared/release/exportSidecar.ts';
import { participantsTable } from '../../src-shared/release/participantsTable.ts';
import { qaTable } from '../../src-shared/release/qaTable.ts';
import { writeOutput } from '../workers/outputs.ts';
import type { ExportImageResult } from '../workers/tasks/exportImage.ts';
import type { Engine } from './engine.ts';
import type { ExportPlan, PlannedExport } from './planExport.ts';

const processingWords = {
  none: [],
  'z-score': ['Intensity normalised: mean 0 and standard deviation 1 in the brain'],
  'white-stripe': ['Intensity normalised: mean 0 and standard deviation 1 in the white stripe'],
} as const;

/** Everything of an export but images, masks and the manifest: sidecars, tables, dictionaries, descriptions. */
export async function writeExportTexts(
  engine: Engine,
  plan: ExportPlan,
  {
    options,
    staging,
    images,
  }: { options: ExportOptions; staging: string; images: ReadonlyMap<string, ExportImageResult> },
): Promise<void> {
  const write = async (path: string, text: string): Promise<void> => {
    await writeOutput(staging, path, text);
  };
  const facts = datasetFacts(engine, plan, options);
  for (const item of plan.items) await writeSidecars(item, { engine, options, scale: images.get(item.defacing.id)?.scale ?? null, write }); // prettier-ignore
  const qa = qaTable(
    plan.items.map(({ scan, defacing, paths, by, name, acquisition }) => ({
      file: paths.image,
      participant: `sub-${name.person}`,
      contrast: scan.modality,
      tool: defacing.tool,
      toolVersion: defacing.provenance.makerVersion,
      accepted: by === 'acceptance',
      scanner: scannerOf(acquisition),
      features: engine.derived.features(defacing.id),
    })),
    { criterion: options.criterion, harmonise: options.harmonise },
  );
  const people = participantsTable(plan.people);
  await write('README.md', readmeText({ ...facts, processing: [...facts.processing, ...qa.notes] }));
  await write('qa.tsv', qa.tsv);
  await write('qa.json', prettyJson(qa.dictionary));
  await write('participants.tsv', people.tsv);
  await write('participants.json', prettyJson(people.json));
  if (options.layout === 'plain') return;
  await write('dataset_description.json', datasetDescription(facts));
  await write('CHANGES', changesText(facts));
  await write('.bidsignore', bidsIgnore);
}

/** Maker, model and field strength, as far as they may leave. */
const scannerOf = (acquisition: Readonly<Record<string, unknown>>): string =>
  ['Manufacturer', 'ManufacturersModelName', 'MagneticFieldStrength']
    .map((key) => acquisition[key])
    .filter((part) => typeof part === 'string' || typeof part === 'number')
    .join(' ');

async function writeSidecars(
  { scan, defacing, name, paths, acquisition }: PlannedExport,
  { engine, options, scale, write }: {
    engine: Engine;
    options: ExportOptions;
    scale: ExportImageResult['scale'];
    write: (path: string, text: string) => Promise<void>;
  }, // prettier-ignore
): Promise<void> {
  if (paths.sidecar === null) return;
  const tool = toolOf(engine, defacing.tool, defacing.provenance.makerVersion);
  const folder = paths.image.slice(0, paths.image.lastIndexOf('/'));
  const source = `bids:raw:${folder}/${name.stem}_${name.suffix}.nii.gz`;
  const base = { acquisition, tool, source, skullStripped: false };
  const said = processingWords[options.normalise];
  await write(
    paths.sidecar,
    prettyJson(imageSidecar({ ...base, description: `${scan.modality} without its face`, processing: [] })),
  );
  if (paths.maskSidecar !== null) await write(paths.maskSidecar, prettyJson(maskSidecar(tool, source)));
  const scaled = scale === null ? {} : { IntensityCentre: scale.centre, IntensityScale: scale.scale };
  const derivedFrom = { ...base, source: `bids::${paths.image}` };
  const beside = async (path: string | null, processing: readonly string[], more: object): Promise<void> => {
    if (path === null) return;
    const sidecar = imageSidecar({ ...derivedFrom, description: `${scan.modality} without its face, processed`, processing }); // prettier-ignore
    await write(path.replace(/\.nii\.gz$/, '.json'), prettyJson({ ...sidecar, ...scaled, ...more }));
  };
  await beside(paths.normalised, said, {});
  await beside(paths.resampled, [...said, 'Resampled to a straight grid of 1 mm, RAS+, trilinear'], {
    Resolution: '1 mm in every direction, axes along right, anterior and superior',
  });
}

const toolOf = (
  { tools }: Engine,
  id: string,
  version: string,
): { id: string; title: string; version: string } => ({
  id,
  title: tools.find((tool) => tool.id === id)?.title ?? id,
  version: version === 'unknown' ? '' : version,
});

function datasetFacts(engine: Engine, { items, people }: ExportPlan, options: ExportOptions): DatasetFacts {
  const tools = new Map(
    items.map(({ defacing }) => {
      const tool = toolOf(engine, defacing.tool, defacing.provenance.makerVersion);
      return [`${tool.id} ${tool.version}`, tool];
    }),
  );
  const processing: string[] = [];
  if (options.normalise !== 'none')
    processing.push(
      `Images with \`Zscore\` or \`Whitestripe\` in their \`desc\`: ${processingWords[options.normalise][0]}`,
    );
  if (options.oneMillimetre)
    processing.push('Images with `res-1mm`: resampled to a straight grid of 1 mm, RAS+');
  return {
    name: options.name,
    software: engine.software,
    criterion: options.criterion,
    version: options.version,
    date: engine.clock.now().slice(0, 10),
    authors: options.authors,
    licence: options.licence ?? null,
    studyId: engine.store.studyId,
    scans: items.length,
    persons: people.length,
    tools: [...tools.values()],
    acceptedExceptions: items.filter(({ by }) => by === 'acceptance').length,
    processing,
    newLabels: options.labelling === 'new',
  };
}
