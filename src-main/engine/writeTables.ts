import { featureDictionary } from '../../src-shared/features/measure.ts';
import { features } from '../../src-shared/features/features.ts';
import type { FeatureValue } from '../../src-shared/domain/study.ts';
import type { PredictorGroup } from '../../src-shared/predictors/predictor.ts';
import { predictorsOf } from '../../src-shared/predictors/predictors.ts';
import { tsv } from '../../src-shared/report/tsv.ts';
import { writeOutput } from '../workers/outputs.ts';
import type { Engine } from './engine.ts';
import { featuresOf } from './featuresOf.ts';

const folder = 'derivatives/defaceqa';

/**
 * `features.tsv` with a row for every scan and tool (predictors that were measured or asked for stand last),
 * `features_raw.tsv` with the same measurements of what programs themselves wrote, their data dictionaries, and what BIDS
 * asks of a derivative.
 */
export async function writeTables(engine: Engine): Promise<void> {
  const { scans, derived, store, software } = engine;
  const columns = ['scan', 'person', 'session', 'modality', 'method', 'outcome', 'refaced', 'reason'];
  const defacings = derived
    .defacings()
    .map((defacing) => ({ defacing, scan: scans.byId(defacing.scanId) }))
    .filter(({ scan }) => scan?.state === 'ok')
    .sort(
      (a, b) => compare(a.scan?.name ?? '', b.scan?.name ?? '') || compare(a.defacing.tool, b.defacing.tool),
    );
  const groups: PredictorGroup[] = [
    ...engine.predictorRows.present(),
    ...(engine.settings().tableAboutScan === true ? (['about-scan'] as const) : []),
  ];
  const extra = groups.flatMap(predictorsOf);
  const readFeatures = featuresOf(engine);
  const valuesOf = (
    measured: readonly FeatureValue[],
    of: readonly { readonly id: string }[],
  ): (number | null)[] => {
    const values = new Map(measured.map(({ feature, value }) => [feature, value]));
    return of.map(({ id }) => values.get(id) ?? null);
  };
  const rows = defacings.map(({ defacing, scan }) => [
    scan?.name ?? null,
    scan?.person ?? null,
    scan?.session ?? null,
    scan?.modality ?? null,
    defacing.tool,
    defacing.outcome,
    defacing.path === null ? null : defacing.details.refaced === true ? 'yes' : 'no',
    defacing.reason,
    ...valuesOf(readFeatures(defacing), [...features, ...extra]),
  ]);
  const rawColumns = ['scan', 'person', 'session', 'modality', 'method', 'raw_sha256'];
  const rawRows = defacings.flatMap(({ defacing, scan }) => {
    const raw = derived.raw(defacing.id);
    if (raw === null || scan === null) return [];
    const { name, person, session, modality } = scan;
    return [
      [name, person, session, modality, defacing.tool, raw.sha256, ...valuesOf(raw.features, features)],
    ];
  });
  const description = {
    Name: 'DefaceQA',
    BIDSVersion: '1.10.0',
    DatasetType: 'derivative',
    GeneratedBy: [{ Name: 'DefaceQA Workstation', Version: software }],
  };
  const files = [
    await writeOutput(
      store.folder,
      `${folder}/features.tsv`,
      tsv([...columns, ...[...features, ...extra].map(({ id }) => id)], rows),
    ),
    await writeOutput(
      store.folder,
      `${folder}/features_raw.tsv`,
      tsv([...rawColumns, ...features.map(({ id }) => id)], rawRows),
    ),
    await writeOutput(
      store.folder,
      `${folder}/features_raw.json`,
      pretty({
        ...Object.fromEntries(rawColumns.map((name) => [name, columnMeanings[name]])),
        ...featureDictionary(),
      }),
    ),
    await writeOutput(
      store.folder,
      `${folder}/features.json`,
      pretty({
        ...Object.fromEntries(columns.map((name) => [name, columnMeanings[name]])),
        ...featureDictionary([...features, ...extra]),
      }),
    ),
    await writeOutput(store.folder, `${folder}/dataset_description.json`, pretty(description)),
  ];
  derived.saveOutputs('tables', files);
}

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const columnMeanings: Readonly<Record<string, { readonly Description: string }>> = {
  scan: { Description: 'Name of the scan in the study, as its outputs bear it' },
  person: { Description: 'Whose head it is; everything statistical is grouped by this' },
  session: { Description: 'Session of the person, n/a where there is none' },
  modality: { Description: 'Contrast by its BIDS suffix' },
  method: { Description: 'The tool that made the defacing' },
  outcome: { Description: 'How the tool ended; features exist for done and brain-cut' },
  refaced: { Description: 'yes: the tool put another face in place of the one it took; no: it left nothing' },
  raw_sha256: {
    Description:
      'SHA-256 of the file the program itself wrote, which was not kept. This row measures that file as it was: with its new ' +
      'scaling and number type, so that nearly every voxel may count as altered',
  },
  reason: { Description: 'What to know about an outcome other than done' },
};
