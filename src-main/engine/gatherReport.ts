import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { viewsFolder } from '../../src-shared/domain/outputNames.ts';
import type { Criterion } from '../../src-shared/rating/verdict.ts';
import { toolResults } from '../../src-shared/release/toolResults.ts';
import type { ReportData } from '../../src-shared/report/studyReport.ts';
import { auditState } from '../../src-shared/triage/auditSample.ts';
import { riskCurve } from '../../src-shared/triage/riskStatement.ts';
import { decodePng, encodePng } from '../files/png.ts';
import { agreementHandlers } from './agreementHandlers.ts';
import type { Engine } from './engine.ts';
import { modelInUse } from './keptModels.ts';
import { decidedLabel, labelsOfStudy } from './labelsOfStudy.ts';
import { scanChoices, triedDefacings } from './scanChoices.ts';
import { triageModel } from './triageModels.ts';

const owner = { person: null, blind: false, session: null } as const;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Everything the report says, from what is in the study now. */
export async function gatherReport(
  engine: Engine,
  { criterion, title, faces }: { criterion: Criterion; title: string; faces: 'none' | 'defaced' | 'all' },
): Promise<ReportData> {
  const { scans, derived, store, software, release } = engine;
  const list = scans.list();
  const ok = list.filter(({ state }) => state === 'ok');
  const defacings = derived.defacings().filter(({ scanId }) => ok.some(({ id }) => id === scanId));
  const made = defacings.filter(({ path }) => path !== null);
  const labels = labelsOfStudy(engine, criterion);
  const choices = scanChoices(engine, criterion);
  const labelled = made.filter(({ id }) => decidedLabel(labels.get(id)) !== null);
  const count = <T>(items: readonly T[], nameOf: (item: T) => string): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const item of items) counts.set(nameOf(item), (counts.get(nameOf(item)) ?? 0) + 1);
    return new Map([...counts].sort(([a], [b]) => compare(a, b)));
  };
  const titleOf = (tool: string): string => engine.tools.find(({ id }) => id === tool)?.title ?? tool;
  const versions = count(made, ({ tool, provenance }) =>
    JSON.stringify([titleOf(tool), provenance.makerVersion]),
  );
  const scanNames = new Map(ok.map((scan) => [scan.id, scan]));
  const nameOf = (defacingId: string): { scan: string; tool: string } => {
    const defacing = derived.defacingById(defacingId);
    return { scan: scanNames.get(defacing?.scanId ?? '')?.name ?? '', tool: defacing?.tool ?? '' };
  };
  return {
    title,
    studyId: store.studyId,
    software,
    criterion,
    flow: [
      { step: 'files found', n: list.length },
      { step: 'scans taken up', n: ok.length },
      { step: 'persons', n: new Set(ok.map(({ person }) => person)).size },
      { step: 'defacings made', n: made.length },
      { step: 'with a final label', n: labelled.length },
      { step: 'scans with a defacing that passes', n: choices.filter(({ used }) => used !== null).length },
    ],
    exclusions: [
      ...count(list.filter(({ state }) => state !== 'ok'), ({ reason }) => reason),
      ...count(made.filter(({ id }) => labels.get(id)?.label.state === 'excluded'), () => 'Original excluded by raters'),
    ].map(([reason, n]) => ({ reason, n })), // prettier-ignore
    tools: [...versions].map(([key, n]) => {
      const [name, version] = JSON.parse(key) as [string, string];
      return { title: name, version: version === 'unknown' ? '' : version, n };
    }),
    outcomes: [...count(defacings, ({ tool, outcome }) => JSON.stringify([tool, outcome]))].map(
      ([key, n]) => {
        const [tool, outcome] = JSON.parse(key) as [string, string];
        return { tool, outcome, n };
      },
    ),
    results: toolResults(triedDefacings(engine, criterion)),
    agreement: await lastAgreement(engine),
    model: modelInUse(engine, criterion)?.card ?? null,
    triage: lastTriage(engine, criterion),
    accepted: [...release.acceptances(criterion).values()]
      .map(({ defacingId, name, reason, at }) => ({ ...nameOf(defacingId), name, reason, at }))
      .sort((a, b) => compare(a.at + a.scan + a.tool, b.at + b.scan + b.tool)),
    exports: release
      .exports()
      .map(({ at, images, files, manifestSha256 }) => ({ at, images, files, manifestSha256 })),
    appendix: await appendix(engine, choices, faces),
  };
}

async function lastAgreement(engine: Engine): Promise<ReportData['agreement']> {
  const round = engine.rounds.list().find(({ state }) => state === 'closed');
  return round === undefined
    ? null
    : agreementHandlers(engine)['agreement.report']({ roundId: round.id }, owner);
}

function lastTriage(engine: Engine, criterion: Criterion): ReportData['triage'] {
  const { triage, scans, derived } = engine;
  const run = triage.runs().find((each) => each.criterion === criterion);
  if (run === undefined) return null;
  const items = triage.items(run.id);
  const labels = labelsOfStudy(engine, criterion);
  const counts = { passed: 0, failed: 0, 'to review': 0, held: 0 };
  const names = { pass: 'passed', fail: 'failed', review: 'to review', hold: 'held' } as const;
  for (const { decision } of items) counts[names[decision]]++;
  const { tested } = triageModel(engine, run.settings.modelId);
  const audited = items
    .filter(({ audit }) => audit)
    .map(({ defacingId }) => ({
      person: scans.byId(derived.defacingById(defacingId)?.scanId ?? '')?.person ?? '',
      label: decidedLabel(labels.get(defacingId)),
    }));
  const { chosen, looked, k, n, bound } = auditState(audited, run.statement.delta);
  return {
    sentence: run.settings.sentence,
    statement: run.statement,
    curve: riskCurve(tested, run.statement),
    counts,
    audit: `Audit of the passed: ${chosen} drawn, ${looked} looked at; insufficient in ${k} of ${n} persons${n === 0 ? '' : `, at most ${(100 * bound).toFixed(1)} % with ${(100 * (1 - run.statement.delta)).toFixed(0)} % confidence`}.`,
  };
}

async function appendix(
  engine: Engine,
  choices: ReturnType<typeof scanChoices>,
  faces: 'none' | 'defaced' | 'all',
): Promise<ReportData['appendix']> {
  const rows: ReportData['appendix'][number][] = [];
  for (const { scan, contrast, candidates, used } of [...choices].sort((a, b) => compare(a.scan, b.scan))) {
    if (faces === 'all') rows.push({ ...emptyRow, scan, contrast, tool: 'original', picture: await picture(engine, viewsFolder(scan)) }); // prettier-ignore
    for (const each of [...candidates].sort((a, b) => compare(a.tool, b.tool))) {
      const values = new Map(
        engine.derived.features(each.defacingId).map(({ feature, value }) => [feature, value]),
      );
      rows.push({
        scan,
        contrast,
        tool: each.tool,
        outcome: each.outcome,
        headLossPct: each.headLossPct,
        brainLossMl: each.brainLossMl,
        ssim: values.get('ssim') ?? null,
        probability: each.probability,
        label: each.label === null ? '–' : each.label === 1 ? 'insufficient' : 'adequate',
        decision: `${each.decision ?? '–'}${used === each.defacingId ? ', used' : ''}`,
        picture:
          faces === 'none' || values.size === 0 ? null : await picture(engine, viewsFolder(scan, each.tool)),
      });
    }
  }
  return rows;
}

const emptyRow = {
  ...{
    outcome: '–',
    headLossPct: null,
    brainLossMl: null,
    ssim: null,
    probability: null,
    label: '–',
    decision: '–',
  },
};

/** The view from the front at a quarter of its size; null where it is not there. */
async function picture(engine: Engine, folder: string): Promise<string | null> {
  const bytes = await readFile(join(engine.store.folder, folder, 'front.png')).catch(() => null);
  if (bytes === null) return null;
  const { width, height, channels, pixels } = decodePng(bytes);
  const [w, h] = [width >> 2, height >> 2];
  const small = new Uint8Array(w * h);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      let sum = 0;
      for (let dy = 0; dy < 4; dy++)
        for (let dx = 0; dx < 4; dx++) sum += pixels[((4 * y + dy) * width + 4 * x + dx) * channels];
      small[y * w + x] = Math.round(sum / 16);
    }
  return Buffer.from(encodePng({ width: w, height: h, pixels: small })).toString('base64');
}
