import { featureDictionary } from '../../src-shared/features/measure.ts';
import { features } from '../../src-shared/features/features.ts';
import { tsv } from '../../src-shared/report/tsv.ts';
import { writeOutput } from '../workers/outputs.ts';
import type { Engine } from './engine.ts';

const folder = 'derivatives/defaceqa';

/** `features.tsv` with a row for every scan and tool, its data dictionary, and what BIDS asks of a derivative. */
export async function writeTables(engine: Engine): Promise<void> {
  const { scans, derived, store, software } = engine;
  const columns = ['scan', 'person', 'session', 'modality', 'method', 'outcome', 'reason'];
  const defacings = derived
    .defacings()
    .map((defacing) => ({ defacing, scan: scans.byId(defacing.scanId) }))
    .filter(({ scan }) => scan?.state === 'ok')
    .sort(
      (a, b) => compare(a.scan?.name ?? '', b.scan?.name ?? '') || compare(a.defacing.tool, b.defacing.tool),
    );
  const rows = defacings.map(({ defacing, scan }) => {
    const values = new Map(derived.features(defacing.id).map(({ feature, value }) => [feature, value]));
    return [
      scan?.name ?? null,
      scan?.person ?? null,
      scan?.session ?? null,
      scan?.modality ?? null,
      defacing.tool,
      defacing.outcome,
      defacing.reason,
      ...features.map(({ id }) => values.get(id) ?? null),
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
      tsv([...columns, ...features.map(({ id }) => id)], rows),
    ),
    await writeOutput(
      store.folder,
      `${folder}/features.json`,
      pretty({ ...columnMeanings, ...featureDictionary() }),
    ),
    await writeOutput(store.folder, `${folder}/dataset_description.json`, pretty(description)),
  ];
  derived.saveOutputs('tables', files);
}

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const columnMeanings = {
  scan: { Description: 'Name of the scan in the study, as its outputs bear it' },
  person: { Description: 'Whose head it is; everything statistical is grouped by this' },
  session: { Description: 'Session of the person, n/a where there is none' },
  modality: { Description: 'Contrast by its BIDS suffix' },
  method: { Description: 'The tool that made the defacing' },
  outcome: { Description: 'How the tool ended; features exist for done and brain-cut' },
  reason: { Description: 'What to know about an outcome other than done' },
};
