import { AppError } from '../../src-shared/api/appError.ts';
import { outcomesWithDefacing } from '../../src-shared/domain/outcome.ts';
import type { Defacing, FeatureValue, Scan } from '../../src-shared/domain/study.ts';
import { scoreDefacing } from '../../src-shared/model/scoreDefacing.ts';
import { auditSample } from '../../src-shared/triage/auditSample.ts';
import { outsideFindings, type OutsideFinding } from '../../src-shared/triage/outsideFindings.ts';
import { riskSentence } from '../../src-shared/triage/riskSentence.ts';
import {
  riskStatement,
  type RiskRequest,
  type RiskStatement,
} from '../../src-shared/triage/riskStatement.ts';
import type { SameHead } from '../../src-shared/triage/samePerson.ts';
import { decide, expectedCost } from '../../src-shared/triage/triageDecision.ts';
import { defaultLimits, hardRules } from '../../src-shared/triage/triageRules.ts';
import type { TriageItemRow, TriageRunRow } from '../store/triage.ts';
import type { Engine } from './engine.ts';
import { featuresOf } from './featuresOf.ts';
import { decidedLabel, labelsOfStudy } from './labelsOfStudy.ts';
import { siteOf, type StudyTriageModel } from './triageModels.ts';

export interface TriageSettings extends RiskRequest {
  readonly auditShare: number;
  readonly auditLeast: number;
  readonly brainLookMl: number;
  readonly brainFailMl: number;
  readonly tools?: readonly string[] | undefined;
}

export const sentenceOf = (engine: Engine, model: StudyTriageModel, statement: RiskStatement): string => {
  const of = (pick: (item: StudyTriageModel['tested'][number]) => string | null): string[] =>
    [...new Set(model.tested.map(pick).filter((name) => name !== null && name !== ''))].sort() as string[];
  return riskSentence({
    statement,
    criterion: model.criterion,
    model: `${model.name} (${model.hash.slice(0, 8)})`,
    tools: of(({ tool }) => tool),
    contrasts: of(({ contrast }) => contrast),
    sites: of(({ site }) => site),
    date: engine.clock.now().slice(0, 10),
  });
};

/** Decides on every defacing of the study with one model under one risk, and records it. Throws `nothing-to-triage`. */
export function runTriage(
  engine: Engine,
  model: StudyTriageModel,
  settings: TriageSettings,
  by: string | null,
): number {
  const { triage, records, clock, software } = engine;
  const { alpha, delta, alphaFail, seed } = settings;
  const statement = riskStatement(model.tested, { alpha, delta, alphaFail, seed });
  const readFeatures = featuresOf(engine);
  const decided = defacingsOf(engine, settings).map((each) =>
    decideOne(engine, model, statement, settings, { ...each, features: readFeatures(each.defacing) }),
  );
  if (decided.length === 0) {
    throw new AppError('nothing-to-triage', 'There is no defacing in this study yet. Run the batch first.');
  }
  const passed = decided.filter(({ decision }) => decision === 'pass').map(({ defacingId }) => defacingId);
  // What people labelled needs no audit, and the model may have learned from it.
  const labels = labelsOfStudy(engine, model.criterion);
  const unseen = passed.filter((id) => decidedLabel(labels.get(id)) === null);
  const audited = auditSample(unseen, { share: settings.auditShare, least: settings.auditLeast, seed });
  const row: Omit<TriageRunRow, 'id'> = {
    modelHash: model.hash,
    criterion: model.criterion,
    statement,
    settings: {
      ...settings,
      modelId: model.id,
      modelName: model.name,
      sentence: sentenceOf(engine, model, statement),
    },
    software,
    at: clock.now(),
  };
  return triage.atOnce(() => {
    const id = triage.addRun(row, decided.map((item) => ({ ...item, audit: audited.has(item.defacingId) }))); // prettier-ignore
    records.append({
      kind: 'triaged',
      accountId: by,
      at: row.at,
      body: { run: id, model: model.hash, alpha, delta, decided: decided.length, passed: passed.length },
    });
    return id;
  });
}

function* paired(
  engine: Engine,
  tools: readonly string[] | undefined,
): Generator<{ scan: Scan; defacing: Defacing }> {
  for (const defacing of engine.derived.defacings()) {
    const scan = engine.scans.byId(defacing.scanId);
    if (scan?.state === 'ok' && (tools?.includes(defacing.tool) ?? true)) yield { scan, defacing };
  }
}

/** Cells of which a person or a rule has something to say: machines that lacked a tool say nothing of a scan. */
const silent = ['tool-missing', 'atlas-missing', 'licence-missing', 'cancelled', 'killed', 'timed-out'];
const defacingsOf = (engine: Engine, { tools }: TriageSettings): { scan: Scan; defacing: Defacing }[] =>
  [...paired(engine, tools)].filter(({ defacing }) => !silent.includes(defacing.outcome));

function decideOne(
  engine: Engine,
  { model, criterion, tested }: StudyTriageModel,
  { lower, upper }: RiskStatement,
  settings: TriageSettings,
  { scan, defacing, features }: { scan: Scan; defacing: Defacing; features: readonly FeatureValue[] },
): TriageItemRow {
  const { derived } = engine;
  const image = derived.outputs(`defacing ${defacing.id}`).find(({ path }) => path === defacing.path);
  const limits = { ...defaultLimits, brainLookMl: settings.brainLookMl, brainFailMl: settings.brainFailMl };
  const facts = {
    outcome: defacing.outcome,
    tool: defacing.tool,
    contrast: scan.modality,
    features: new Map(features.map(({ feature, value }) => [feature, value])),
    samePerson: (defacing.details.sameHead as SameHead | undefined)?.verdict ?? null,
  };
  const rules = hardRules(facts, criterion, limits);
  const exists = outcomesWithDefacing.includes(defacing.outcome);
  let probability: number | null = null;
  let problem: string | null = exists && features.length === 0 ? 'It is not measured yet.' : null;
  let outside: OutsideFinding[] = [];
  if (exists && features.length > 0) {
    try {
      const scored = scoreDefacing(model, { features, tool: defacing.tool, contrast: scan.modality });
      probability = scored.probability;
      const site = siteOf(engine, scan);
      const known = [...new Set(tested.map((item) => item.site).filter((name) => name !== null))];
      outside = outsideFindings(scored.outside, site === null ? null : { name: site, known });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      problem = error.message;
    }
  }
  const { decision, reasons } = decide({
    rules,
    probability,
    problem,
    outside: outside.map(({ sentence }) => sentence),
    lower: lower.kind === 'threshold' ? lower.threshold : null,
    upper: upper.kind === 'threshold' ? upper.threshold : null,
  });
  return {
    defacingId: defacing.id,
    imageSha256: image?.sha256 ?? '',
    score: probability,
    decision,
    reasons,
    cost: decision === 'fail' && probability === null ? 0 : expectedCost(probability),
    audit: false,
    // Only where it is why nothing was decided.
    outside: decision === 'hold' ? outside.map(({ kind, what }) => ({ kind, what })) : [],
  };
}
