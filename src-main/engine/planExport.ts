import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  ExportOptions,
  ExportPreview,
  HeldBack,
  PlannedImage,
} from '../../src-shared/api/exportCalls.ts';
import type { Defacing, OutputFile, Scan } from '../../src-shared/domain/study.ts';
import { bestDefacing, type Candidate } from '../../src-shared/release/bestDefacing.ts';
import {
  bidsPaths,
  plainPaths,
  sharedName,
  type SharedName,
  type SharedPaths,
} from '../../src-shared/release/exportNames.ts';
import { sharedAcquisition } from '../../src-shared/release/exportSidecar.ts';
import {
  gate,
  holdReasons,
  type Acceptance,
  type GateAnswer,
  type HoldReason,
} from '../../src-shared/release/gate.ts';
import {
  identitiesIn,
  identifyingShapes,
  identityTokens,
  type IdentitySource,
  type IdentityToken,
} from '../../src-shared/release/identityTokens.ts';
import { newLabels } from '../../src-shared/release/newLabels.ts';
import { participantsTable, type SharedPerson } from '../../src-shared/release/participantsTable.ts';
import { identitiesOfPerson, identitiesOfScan } from '../release/identities.ts';
import type { Engine } from './engine.ts';
import { labelsOfStudy } from './labelsOfStudy.ts';

/** One image that will be written. */
export interface PlannedExport {
  readonly scan: Scan;
  readonly defacing: Defacing;
  readonly image: OutputFile;
  readonly mask: OutputFile;
  readonly by: 'label' | 'acceptance';
  readonly acceptance: Acceptance | null;
  readonly name: SharedName;
  readonly paths: SharedPaths & { readonly normalised: string | null; readonly resampled: string | null };
  /** What of the original's sidecar may leave. */
  readonly acquisition: Readonly<Record<string, unknown>>;
}

export interface ExportPlan {
  readonly items: readonly PlannedExport[];
  readonly heldBack: readonly HeldBack[];
  readonly people: readonly SharedPerson[];
  /** Labels for the outside, to be kept when the export is made. */
  readonly labels: ReadonlyMap<string, string>;
  readonly tokens: readonly IdentityToken[];
  readonly preview: ExportPreview;
}

/** Works out what would leave, under which name, and what is held back and why. Changes nothing. */
export async function planExport(engine: Engine, options: ExportOptions): Promise<ExportPlan> {
  const { scans, derived, release, store } = engine;
  const facts = release.personFacts();
  const taken = scans
    .list()
    .filter(({ id, state }) => state === 'ok' && (options.scanIds?.includes(id) ?? true));
  const labels = newLabels(
    taken.map(({ person }) => person),
    release.labels(),
    store.studyId,
  );
  const read = new Map<string, Awaited<ReturnType<typeof identitiesOfScan>>>();
  for (const scan of taken) read.set(scan.id, await identitiesOfScan(scan.path));
  const sources: IdentitySource[] = [...read.values()].flatMap((each) => each.sources);
  for (const { person } of taken) sources.push(...identitiesOfPerson(facts.get(person) ?? {}));
  const tokens = identityTokens(sources);
  const names = namesOf(taken, labels, options);
  const labelStates = labelsOfStudy(engine, options.criterion);
  const accepted = release.acceptances(options.criterion);
  const byHand = new Map(release.chosen().map(({ scanId, defacingId }) => [scanId, defacingId]));
  const dropped: Record<string, number> = {};
  const headerText: Record<string, number> = {};
  const items: PlannedExport[] = [];
  const heldBack: HeldBack[] = [];
  const defacings = Map.groupBy(derived.defacings(), ({ scanId }) => scanId);
  for (const scan of taken) {
    const name = names.get(scan.id);
    if (name === undefined) continue;
    const textual = textualReasons(scan, name, tokens, options);
    const ready: { defacing: Defacing; answer: GateAnswer; files: readonly OutputFile[] | null }[] = [];
    for (const defacing of defacings.get(scan.id) ?? []) {
      if (!(options.tools?.includes(defacing.tool) ?? true)) continue;
      const files = derived.outputs(`defacing ${defacing.id}`);
      const image = files.find(({ path }) => path === defacing.path);
      const current = accepted.get(defacing.id);
      const acceptance = current?.imageSha256 === image?.sha256 ? (current ?? null) : null;
      const state = labelStates.get(defacing.id);
      const answer = gate({
        outcome: defacing.outcome,
        label: state?.label ?? { state: 'open', waitsFor: 'round' },
        stale: state?.stale ?? false,
        acceptance,
        brainCut: defacing.outcome === 'brain-cut' || (state?.brainCut ?? false),
        textual,
        filesIntact: await intact(store.folder, files, defacing),
      });
      ready.push({ defacing, answer, files });
    }
    const best =
      options.which === 'all'
        ? null
        : bestDefacing(ready.map(candidateOf(engine)), byHand.get(scan.id) ?? null);
    for (const { defacing, answer, files } of ready) {
      if (!answer.pass) {
        heldBack.push(held(scan, defacing, answer.reasons));
        continue;
      }
      if (best !== null && best.defacingId !== defacing.id) {
        heldBack.push(held(scan, defacing, ['not-chosen']));
        continue;
      }
      const image = files?.find(({ path }) => path === defacing.path);
      const mask = files?.find(({ path }) => path === defacing.maskPath);
      if (image === undefined || mask === undefined) continue;
      const { kept, dropped: notAllowed } = sharedAcquisition(scan.sidecar ?? {});
      const keys = [...notAllowed];
      for (const [key, value] of Object.entries(kept)) {
        const text = JSON.stringify(value);
        if (
          typeof value !== 'number' &&
          (identitiesIn(text, tokens).length > 0 || identifyingShapes(text).length > 0)
        )
          keys.push(key);
      }
      for (const key of keys) dropped[key] = (dropped[key] ?? 0) + 1;
      for (const field of read.get(scan.id)?.headerFields ?? [])
        headerText[field] = (headerText[field] ?? 0) + 1;
      items.push({
        scan,
        defacing,
        image,
        mask,
        by: answer.by,
        acceptance: answer.by === 'acceptance' ? (accepted.get(defacing.id) ?? null) : null,
        name,
        paths: pathsOf(name, defacing.tool, options),
        acquisition: Object.fromEntries(Object.entries(kept).filter(([key]) => !keys.includes(key))),
      });
    }
  }
  const people = peopleOf(items, facts);
  const preview = {
    write: items.map(toPlannedImage),
    heldBack,
    sidecarKeysDropped: dropped,
    participantColumnsHeldBack: participantsTable(people).heldBack,
    headerTextRemoved: headerText,
    identitiesKnown: tokens.length,
    files: [...items.flatMap(({ paths }) => pathList(paths)), ...datasetPaths(options)].sort(),
    notes: notesOf(options, items),
  };
  return { items, heldBack, people, labels, tokens, preview };
}

function namesOf(
  taken: readonly Scan[],
  labels: ReadonlyMap<string, string>,
  options: ExportOptions,
): Map<string, SharedName> {
  const sessions = new Map<string, string[]>();
  for (const { person, session } of taken)
    if (session !== null)
      sessions.set(person, [...new Set([...(sessions.get(person) ?? []), session])].sort());
  const group = (scan: Scan): string => JSON.stringify([scan.person, scan.session, scan.modality]);
  const groups = Map.groupBy(taken, group);
  return new Map(
    taken.map((scan) => {
      const alike = groups.get(group(scan)) ?? [];
      const sessionNumber = (sessions.get(scan.person) ?? []).indexOf(scan.session ?? '') + 1;
      const place = {
        scan,
        newLabel: labels.get(scan.person) ?? '',
        sessionNumber,
        run: alike.indexOf(scan) + 1,
        runs: alike.length,
      };
      return [scan.id, sharedName(place, options.labelling)];
    }),
  );
}

function textualReasons(
  scan: Scan,
  name: SharedName,
  tokens: readonly IdentityToken[],
  options: ExportOptions,
): HoldReason[] {
  const reasons: HoldReason[] = [];
  if (scan.modality === 'unknown' && options.layout === 'bids') reasons.push('contrast-unknown');
  if (options.labelling === 'new') return reasons;
  if (identitiesIn(name.stem, tokens).length > 0) reasons.push('name-in-file-name');
  const doubtful = name.doubtful.length > 0 || identifyingShapes(name.stem.replaceAll('_', ' ')).length > 0;
  if (doubtful && options.labelsTrustedBy === undefined) reasons.push('label-not-a-code');
  return reasons;
}

const held = (scan: Scan, defacing: Defacing, reasons: readonly HoldReason[]): HeldBack => ({
  defacingId: defacing.id,
  scanId: scan.id,
  scan: scan.name,
  tool: defacing.tool,
  reasons: reasons.map((code) => ({ code, ...holdReasons[code] })),
});

/** Whether image and mask are there in full length; their content is compared when they are copied. */
async function intact(folder: string, files: readonly OutputFile[], defacing: Defacing): Promise<boolean> {
  const needed = files.filter(({ path }) => path === defacing.path || path === defacing.maskPath);
  const sizes = await Promise.all(
    needed.map(({ path }) => stat(join(folder, path)).then(({ size }) => size, () => -1)), // prettier-ignore
  );
  return needed.length === 2 && needed.every(({ bytes }, n) => bytes === sizes[n]);
}

const candidateOf =
  ({ derived }: Engine) =>
  ({ defacing, answer }: { defacing: Defacing; answer: GateAnswer }): Candidate => {
    const values = new Map(derived.features(defacing.id).map(({ feature, value }) => [feature, value]));
    return {
      defacingId: defacing.id,
      tool: defacing.tool,
      passes: answer.pass,
      brainLossMl: values.get('brain_loss_ml') ?? null,
      headLossPct: values.get('head_loss_pct') ?? null,
    };
  };

const normalisedDesc = { none: '', 'z-score': 'Zscore', 'white-stripe': 'Whitestripe' } as const;

function pathsOf(name: SharedName, tool: string, options: ExportOptions): PlannedExport['paths'] {
  const { layout, normalise, oneMillimetre, masks } = options;
  const extra = normalisedDesc[normalise];
  if (layout === 'plain') {
    const plain = plainPaths(name, tool);
    const stem = plain.image.replace(/\.nii\.gz$/, '');
    return {
      ...plain,
      normalised: extra === '' ? null : `${stem}_${extra.toLowerCase()}.nii.gz`,
      resampled: oneMillimetre ? `${stem}${extra === '' ? '' : `_${extra.toLowerCase()}`}_1mm.nii.gz` : null,
    };
  }
  const paths = bidsPaths(name, tool);
  const processed = bidsPaths(name, `${tool}${extra}`).image;
  return {
    ...paths,
    ...(!masks && { mask: null, maskSidecar: null }),
    normalised: extra === '' ? null : processed,
    resampled: oneMillimetre ? processed.replace('_desc-', '_res-1mm_desc-') : null,
  };
}

const pathList = ({
  image,
  sidecar,
  mask,
  maskSidecar,
  normalised,
  resampled,
}: PlannedExport['paths']): string[] =>
  [
    image,
    sidecar,
    mask,
    maskSidecar,
    normalised,
    resampled,
    ...(sidecar === null
      ? []
      : [normalised, resampled].map((path) => path?.replace(/\.nii\.gz$/, '.json') ?? null)),
  ].filter((path) => path !== null);

const datasetPaths = ({ layout }: ExportOptions): string[] =>
  layout === 'bids'
    ? ['.bidsignore', 'CHANGES', 'README.md', 'dataset_description.json', 'manifest-sha256.txt', 'participants.json', 'participants.tsv', 'qa.json', 'qa.tsv'] // prettier-ignore
    : ['README.md', 'manifest-sha256.txt', 'participants.json', 'participants.tsv', 'qa.json', 'qa.tsv'];

function peopleOf(
  items: readonly PlannedExport[],
  facts: ReadonlyMap<string, Readonly<Record<string, string | null>>>,
): SharedPerson[] {
  const people = new Map<string, SharedPerson>();
  for (const { name, scan } of items)
    people.set(name.person, { label: name.person, facts: facts.get(scan.person) ?? {} });
  return [...people.values()].sort((a, b) => (a.label < b.label ? -1 : 1));
}

const toPlannedImage = ({ scan, defacing, by, acceptance, paths }: PlannedExport): PlannedImage => ({
  defacingId: defacing.id,
  scanId: scan.id,
  scan: scan.name,
  tool: defacing.tool,
  by,
  acceptedBy: acceptance?.name ?? null,
  acceptedReason: acceptance?.reason ?? null,
  paths: pathList(paths),
});

function notesOf(options: ExportOptions, items: readonly PlannedExport[]): string[] {
  const notes: string[] = [];
  if (options.labelling === 'keep')
    notes.push('People keep their labels: whoever knows the study can tell who they are.');
  if (options.labelsTrustedBy !== undefined)
    notes.push(`Labels that read as words leave on the word of ${options.labelsTrustedBy}.`);
  const exceptions = items.filter(({ by }) => by === 'acceptance').length;
  if (exceptions > 0)
    notes.push(
      `${exceptions} of ${items.length} images leave because a named person accepted them, not by a final label.`,
    );
  return notes;
}
