import { AppError } from '../../src-shared/api/appError.ts';
import type { AgreementReport, agreementCalls, ToolSuccess } from '../../src-shared/api/agreementCalls.ts';
import type { HandlersOf } from '../../src-shared/api/call.ts';
import {
  agreementReport,
  labelAt,
  type AgreementInput,
  type RatedDefacing,
} from '../../src-shared/rating/agreementReport.ts';
import { agesBySex, toolSuccess } from '../../src-shared/rating/toolSuccess.ts';
import type { Look } from '../../src-shared/rating/verdict.ts';
import { labelsOfRound } from '../store/labels.ts';
import type { Round } from '../store/rounds.ts';
import type { Engine } from './engine.ts';
import { readableRound } from './labelHandlers.ts';

const draws = 2000;

/** Agreement, success and ages of a round. What takes long is kept until the round's log has grown. */
export function agreementHandlers(engine: Engine): HandlersOf<typeof agreementCalls> {
  const { store, rounds, verdicts, scans } = engine;
  const kept = new Map<string, { at: string; report: AgreementReport; success: ToolSuccess[] }>();

  function ratedDefacings(roundId: string): RatedDefacing[] {
    const tools = new Map(rounds.defacings(roundId).map(({ id, tool }) => [id, tool]));
    const persons = new Map(scans.list().map(({ id, person }) => [id, person]));
    return labelsOfRound(store, roundId).map((labels) => ({
      ...labels,
      tool: tools.get(labels.defacingId) ?? '',
      person: persons.get(labels.scanId) ?? '',
    }));
  }

  function inputOf(round: Round, defacings: readonly RatedDefacing[]): AgreementInput {
    const standing = verdicts.ofRound(round.id).filter(({ stands }) => stands);
    const firsts = new Map(
      standing.filter(({ repeat }) => !repeat).map((row) => [`${row.accountId} ${row.defacingId}`, row]),
    );
    const persons = new Map(defacings.map(({ defacingId, person }) => [defacingId, person]));
    return {
      raters: rounds.raters(round.id),
      defacings,
      repeats: standing.flatMap((second) => {
        const first = firsts.get(`${second.accountId} ${second.defacingId}`);
        if (!second.repeat || first === undefined) return [];
        return [{ accountId: second.accountId, person: persons.get(second.defacingId) ?? '', first, second }];
      }),
      looks: standing.map((look) => ({ accountId: look.accountId, look, viewingMs: look.viewingMs })),
      seed: round.seed,
      draws,
    };
  }

  function reportOf(round: Round): { report: AgreementReport; success: ToolSuccess[] } {
    const at = verdicts.stateOf(round.id);
    const known = kept.get(round.id);
    if (known?.at === at) return known;
    const defacings = ratedDefacings(round.id);
    const made = {
      at,
      report: agreementReport(inputOf(round, defacings)),
      success: toolSuccess(defacings, { seed: round.seed, draws }),
    };
    kept.set(round.id, made);
    return made;
  }

  return {
    'agreement.report': ({ roundId }, caller) => reportOf(readableRound(engine, roundId, caller)).report,
    'agreement.success': ({ roundId }, caller) => reportOf(readableRound(engine, roundId, caller)).success,
    'agreement.pairs': ({ roundId, tool, criterion, raters, cell }, caller) => {
      readableRound(engine, roundId, caller);
      const places = rounds.raters(roundId).map(({ accountId }) => accountId);
      const [a, b] = raters.map((accountId) => places.indexOf(accountId));
      if (a < 0 || b < 0) throw new AppError('account-missing', 'There is no such account in this study.');
      const names = new Map(scans.list().map(({ id, name }) => [id, name]));
      return ratedDefacings(roundId)
        .filter(
          (each) =>
            (tool === null || each.tool === tool) &&
            labelAt(each, a, criterion) === cell[0] &&
            labelAt(each, b, criterion) === cell[1],
        )
        .map(({ defacingId, scanId, tool: by, looks }) => ({
          defacingId,
          scanId,
          scan: names.get(scanId) ?? '',
          tool: by,
          first: plain(looks[a]),
          second: plain(looks[b]),
        }))
        .sort((x, y) => (`${x.scan} ${x.tool}` < `${y.scan} ${y.tool}` ? -1 : 1));
    },
    'agreement.ages': ({ roundId }, caller) => {
      readableRound(engine, roundId, caller);
      const inRound = new Set(rounds.defacings(roundId).map(({ scanId }) => scanId));
      const persons = new Set(
        scans
          .list()
          .filter(({ id }) => inRound.has(id))
          .map(({ person }) => person),
      );
      const facts = scans.personFacts();
      return agesBySex([...persons].map((person) => ageAndSex(facts.get(person) ?? {})));
    },
  };
}

/** A cell is chosen by labels, which only looks give. */
function plain(look: Look | null): Look {
  if (look === null) throw new Error('a label without a look');
  return look;
}

/** From a row of participants.tsv, whatever the case of its column names. */
function ageAndSex(facts: Readonly<Record<string, string | null>>): {
  age: string | null;
  sex: string | null;
} {
  const byName = new Map(Object.entries(facts).map(([name, value]) => [name.toLowerCase(), value]));
  return { age: byName.get('age') ?? null, sex: byName.get('sex') ?? byName.get('gender') ?? null };
}
