import type { Outcome } from '../domain/outcome.ts';
import type { Criterion } from '../rating/verdict.ts';
import { faceFinding } from './regionFacts.ts';

/** What is known of a defacing without any model. */
export interface TriageFacts {
  readonly outcome: Outcome;
  readonly tool: string;
  readonly contrast: string;
  /** Measurements by id; null where there is none. */
  readonly features: ReadonlyMap<string, number | null>;
  /** Of a defacing made elsewhere: whether it is of the same head as its original. null where we applied the mask. */
  readonly samePerson: 'same' | 'unsure' | 'other' | null;
}

export interface RuleLimits {
  /** Brain removed from this on is looked at by a person. */
  readonly brainLookMl: number;
  /** Brain removed from this on fails. */
  readonly brainFailMl: number;
  /** Less of the head taken than this counts as nothing, in per cent. */
  readonly leastHeadPct: number;
}

/** What a percentage of the brain hides becomes visible in ml. */
export const defaultLimits: RuleLimits = {
  brainLookMl: 1,
  brainFailMl: 5,
  leastHeadPct: 0.1,
};

export const ruleIds = [
  'nothing-removed',
  'wrong-grid',
  'wrong-person',
  'brain-cut',
  'face-present',
  'no-output',
] as const;
export type RuleId = (typeof ruleIds)[number];

export interface RuleFinding {
  readonly rule: RuleId;
  /** `fail` decides; `look` keeps a model from deciding. */
  readonly effect: 'fail' | 'look';
  readonly sentence: string;
}

/** Rules that stand before every model: what they say needs no statistics. Strongest first. */
export function hardRules(facts: TriageFacts, criterion: Criterion, limits = defaultLimits): RuleFinding[] {
  const { outcome, features, samePerson } = facts;
  const value = (id: string): number | null => features.get(id) ?? null;
  const found: RuleFinding[] = [];
  const add = (rule: RuleId, effect: RuleFinding['effect'], sentence: string): void => {
    found.push({ rule, effect, sentence });
  };
  if (outcome === 'wrong-grid') add('wrong-grid', 'fail', 'It does not lie on the grid of its original.');
  else if (outcome === 'nothing-removed') add('nothing-removed', 'fail', 'Nothing was removed.');
  else if (outcome !== 'done' && outcome !== 'brain-cut')
    add('no-output', 'fail', 'The tool left no defacing that can be used.');
  if (samePerson === 'other') add('wrong-person', 'fail', 'What was kept is not the head of its original.');
  if (samePerson === 'unsure')
    add('wrong-person', 'look', 'What was kept differs from its original; it may be another scan.');
  const headLoss = value('head_loss_pct');
  if (
    headLoss !== null &&
    headLoss < limits.leastHeadPct &&
    !found.some(({ rule }) => rule === 'nothing-removed')
  )
    add('nothing-removed', 'fail', `Nothing of the head was removed (${headLoss.toFixed(2)} %).`);
  const brain = value('brain_loss_ml');
  if (brain !== null && brain >= limits.brainLookMl)
    add(
      'brain-cut',
      brain >= limits.brainFailMl ? 'fail' : 'look',
      `${brain.toFixed(1)} ml of brain removed.`,
    );
  const face = faceFinding(features, criterion);
  if (face !== null) add('face-present', face.effect, face.sentence);
  return found.sort((a, b) => Number(b.effect === 'fail') - Number(a.effect === 'fail'));
}
