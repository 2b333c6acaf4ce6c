import type { CandidateState, ScanChoice } from '../../src-shared/api/choiceCalls.ts';
import { survivingOf } from '../../src-shared/features/regionFeatures.ts';
import type { TriageDecision } from '../../src-shared/triage/triageDecision.ts';
import { outcomesWithDefacing } from '../../src-shared/domain/outcome.ts';
import type { Criterion } from '../../src-shared/rating/verdict.ts';
import { bestDefacing } from '../../src-shared/release/bestDefacing.ts';
import type { TriedDefacing } from '../../src-shared/release/toolResults.ts';
import { sharedAge } from '../../src-shared/release/participantsTable.ts';
import type { Engine } from './engine.ts';
import { decidedLabel, labelsOfStudy } from './labelsOfStudy.ts';
import { siteOf } from './triageModels.ts';

/** The defacings of every scan side by side, and which one is used. */
export function scanChoices(engine: Engine, criterion: Criterion): ScanChoice[] {
  const { scans, derived, release, triage } = engine;
  const labels = labelsOfStudy(engine, criterion);
  const accepted = release.acceptances(criterion);
  const run = triage.runs().find((each) => each.criterion === criterion);
  const decided = new Map(
    run === undefined ? [] : triage.items(run.id).map((item) => [item.defacingId, item]),
  );
  const byHand = new Map(release.chosen().map((row) => [row.scanId, row]));
  const defacings = Map.groupBy(derived.defacings(), ({ scanId }) => scanId);
  return scans
    .list()
    .filter(({ state }) => state === 'ok')
    .map((scan) => {
      const candidates = (defacings.get(scan.id) ?? []).map((defacing) => {
        const values = new Map(derived.features(defacing.id).map(({ feature, value }) => [feature, value]));
        const sha =
          derived.outputs(`defacing ${defacing.id}`).find(({ path }) => path === defacing.path)?.sha256 ?? '';
        const item = decided.get(defacing.id);
        const current = item?.imageSha256 === sha ? item : undefined;
        const label = decidedLabel(labels.get(defacing.id));
        const exists = outcomesWithDefacing.includes(defacing.outcome);
        const passes =
          exists &&
          (accepted.get(defacing.id)?.imageSha256 === sha ||
            (label === null
              ? current?.decision === 'pass'
              : label === 0 &&
                defacing.outcome !== 'brain-cut' &&
                labels.get(defacing.id)?.brainCut !== true));
        return {
          defacingId: defacing.id,
          tool: defacing.tool,
          outcome: defacing.outcome,
          label,
          probability: current?.score ?? null,
          decision: current?.decision ?? null,
          passes,
          state: candidateState({ exists, passes, label, decision: current?.decision ?? null }),
          reasons: current?.reasons ?? [],
          regions: survivingOf(Object.fromEntries(values)),
          brainLossMl: values.get('brain_loss_ml') ?? null,
          headLossPct: values.get('head_loss_pct') ?? null,
        };
      });
      const hand = byHand.get(scan.id);
      return {
        scanId: scan.id,
        scan: scan.name,
        contrast: scan.modality,
        candidates,
        state: scanState(candidates),
        used: bestDefacing(candidates, hand?.defacingId ?? null)?.defacingId ?? null,
        byHand:
          hand === undefined ? null : { defacingId: hand.defacingId, name: hand.name, reason: hand.reason },
      };
    });
}

function candidateState({
  exists,
  passes,
  label,
  decision,
}: {
  exists: boolean;
  passes: boolean;
  label: 0 | 1 | null;
  decision: TriageDecision | null;
}): CandidateState {
  if (!exists) return 'none';
  if (passes) return 'passes';
  // A label that did not let it pass is a verdict: insufficient, or brain was cut.
  return label !== null || decision === 'fail' ? 'failed' : 'waits';
}

const scanState = (candidates: readonly { readonly state: CandidateState }[]): ScanChoice['state'] =>
  (['passes', 'waits'] as const).find((state) => candidates.some((each) => each.state === state)) ?? 'failed';

/** Every defacing that was tried, with what success is told by. */
export function triedDefacings(engine: Engine, criterion: Criterion): TriedDefacing[] {
  const labels = labelsOfStudy(engine, criterion);
  const facts = engine.release.personFacts();
  return engine.derived.defacings().flatMap((defacing) => {
    const scan = engine.scans.byId(defacing.scanId);
    if (scan?.state !== 'ok') return [];
    const age = Object.entries(facts.get(scan.person) ?? {}).find(([column]) =>
      /^age(_years)?$/i.test(column),
    )?.[1];
    const shared = age === undefined || age === null ? null : sharedAge(age);
    return [
      {
        tool: defacing.tool,
        made: outcomesWithDefacing.includes(defacing.outcome),
        label: decidedLabel(labels.get(defacing.id)),
        contrast: scan.modality,
        age: shared === null ? null : shared === '89+' ? 89 : Number(shared),
        site: siteOf(engine, scan),
      },
    ];
  });
}
