import { describe, expect, it } from 'vitest';
import { triageProof, triageProofs } from '../../../src-shared/benchmark/triageProof.ts';
import type { ModelEvaluation } from '../../../src-shared/model/assembleEvaluation.ts';

interface Item {
  readonly person: number;
  readonly tool: string;
  readonly label: 0 | 1;
  readonly probability: number;
}

/** An evaluation of which nothing but items and folds matters; a person's fold is the rest of its number by five. */
const evaluationOf = (
  items: readonly Item[],
  variant: ModelEvaluation['variant'],
  tool: string | null,
): ModelEvaluation =>
  ({
    model: 'forest',
    variant,
    tool,
    outOfFold: items.map(({ person, tool: made, label, probability }) => ({
      item: `${String(person)} ${made}`,
      repeat: 0,
      label,
      score: probability,
      probability,
      predicted: label,
    })),
    folds: [0, 1, 2, 3, 4].map((fold) => ({
      repeat: 0,
      fold,
      testRows: items.flatMap(({ person }, row) => (person % 5 === fold ? [row] : [])),
    })),
  }) as unknown as ModelEvaluation;

const about = {
  mechanismOf: (item: string) => item.split(' ')[1],
  personOf: (item: string) => item.split(' ')[0],
  seed: 1,
};
const persons = Array.from({ length: 100 }, (_, person) => person);
/** Every person once adequate and once not, told apart without an error. */
const clear = persons.flatMap((person): Item[] => [
  { person, tool: 'plane', label: 0, probability: 0.1 + person / 1000 },
  { person, tool: 'mask', label: 1, probability: 0.7 + person / 1000 },
]);

describe('the proof of triage', () => {
  it('passes and fails all but the items at the thresholds when scores tell without an error', () => {
    const all = evaluationOf(clear, 'without-method', null);
    const proof = triageProof({ tested: all, calibration: all, ...about });
    expect(proof).toMatchObject({ mechanism: null, folds: 5, foldsWithoutThreshold: 0 });
    // The least insufficient score of all lies below that of the other folds. Nothing below the pass threshold is failed.
    expect(proof.escaped).toMatchObject({ k: 1, n: 101 });
    expect(proof.missed).toMatchObject({ k: 1, n: 100 });
    expect(proof.missedOnePerPerson).toMatchObject({ k: 1, n: 100 });
    expect(proof.falseAlarms).toMatchObject({ k: 0, n: 100 });
  });

  it('counts a person whose insufficient defacing looks adequate as a miss of its own fold', () => {
    const one = clear.map((item) =>
      item.person === 42 && item.label === 1 ? { ...item, probability: 0.01 } : item,
    );
    const all = evaluationOf(one, 'without-method', null);
    const proof = triageProof({ tested: all, calibration: all, ...about });
    // In the other folds' thresholds it lies among those at risk, and lowers them to its own score.
    expect(proof.missed).toMatchObject({ k: 1, n: 100 });
    expect(proof.missedOnePerPerson.k).toBe(1);
    expect(proof.escaped).toMatchObject({ k: 1, n: 21 });
  });

  it('passes nothing where persons are too few for the risk, and says in how many folds', () => {
    const few = clear.filter(({ person }) => person < 70);
    const all = evaluationOf(few, 'without-method', null);
    const proof = triageProof({ tested: all, calibration: all, ...about });
    // 56 persons set the thresholds, 59 are needed.
    expect(proof.foldsWithoutThreshold).toBe(5);
    expect(proof.escaped.n).toBe(0);
  });

  it('sets the thresholds for a mechanism that was left out on the others only', () => {
    const bare = evaluationOf(clear, 'without-method', null);
    const left = evaluationOf(
      clear.filter(({ tool }) => tool === 'mask'),
      'tool-out',
      'mask',
    );
    const proofs = triageProofs([bare, left], about);
    // Only planes are known, all adequate: nobody is at risk, so nothing can be passed.
    const proof = triageProof({ tested: left, calibration: bare, ...about });
    expect(proof).toMatchObject({ mechanism: 'mask', foldsWithoutThreshold: 5 });
    expect(proofs.map(({ mechanism }) => mechanism)).toEqual([null]);
  });
});
