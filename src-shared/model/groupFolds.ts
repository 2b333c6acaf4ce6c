import { AppError } from '../api/appError.ts';
import { type SeededRandom, shuffle } from '../stats/random.ts';

export interface FoldQuality {
  readonly fold: number;
  readonly items: number;
  readonly persons: number;
  /** Share of insufficient items. */
  readonly insufficientShare: number;
}

/**
 * Fold of every row, 0 to k - 1: all rows of a person share a fold, and classes are spread evenly. Persons are dealt
 * out from the one with the most uneven labels down, shuffled first by `random`, each to the fold where the classes' shares
 * stay most even (after scikit-learn's StratifiedGroupKFold); afterwards persons are exchanged if a fold lacks a class.
 * AppError `split-impossible` with the reason: too few persons, or a class with too few of them.
 */
export function stratifiedGroupFolds(
  labels: ArrayLike<number>,
  persons: ArrayLike<number>,
  k: number,
  random: SeededRandom,
): Int32Array {
  const ids = [...new Set(Array.from(persons))];
  const index = new Map(ids.map((id, i) => [id, i]));
  const n = labels.length;
  const counts = new Float64Array(ids.length * 2);
  const personOf = Int32Array.from(persons, (person) => index.get(person) ?? 0);
  const total = [0, 0];
  for (let i = 0; i < n; i++) {
    counts[personOf[i] * 2 + labels[i]]++;
    total[labels[i]]++;
  }
  const withClass = [0, 1].map((c) => ids.filter((_, p) => counts[p * 2 + c] > 0).length);
  if (ids.length < k)
    throw new AppError(
      'split-impossible',
      `${k} folds need at least ${k} persons and there are ${ids.length}.`,
      {
        folds: k,
        persons: ids.length,
      },
    );
  for (const c of [0, 1])
    if (withClass[c] < k)
      throw new AppError(
        'split-impossible',
        total[c] === 0
          ? 'All rows have the same label; there is nothing to learn.'
          : `${k} folds need ${c === 1 ? 'insufficient' : 'adequate'} items of at least ${k} persons and there are ${withClass[c]}. Use fewer folds or rate more scans.`,
        { folds: k, label: c, persons: withClass[c] },
      );
  const order = shuffle(Array.from(ids.keys()), random).sort(
    (a, b) => Math.abs(counts[b * 2] - counts[b * 2 + 1]) - Math.abs(counts[a * 2] - counts[a * 2 + 1]),
  );
  const foldCounts = new Float64Array(k * 2);
  const foldOf = new Int32Array(ids.length);
  const spread = (): number => {
    let sum = 0;
    for (const c of [0, 1]) {
      let mean = 0;
      let squares = 0;
      for (let f = 0; f < k; f++) {
        const share = foldCounts[f * 2 + c] / total[c];
        mean += share / k;
        squares += (share * share) / k;
      }
      sum += Math.sqrt(Math.max(0, squares - mean * mean));
    }
    return sum / 2;
  };
  for (const person of order) {
    let best = 0;
    let bestSpread = Infinity;
    let bestItems = Infinity;
    for (let f = 0; f < k; f++) {
      foldCounts[f * 2] += counts[person * 2];
      foldCounts[f * 2 + 1] += counts[person * 2 + 1];
      const value = spread();
      const items = foldCounts[f * 2] + foldCounts[f * 2 + 1];
      foldCounts[f * 2] -= counts[person * 2];
      foldCounts[f * 2 + 1] -= counts[person * 2 + 1];
      if (value < bestSpread - 1e-12 || (value < bestSpread + 1e-12 && items < bestItems)) {
        best = f;
        bestSpread = value;
        bestItems = items;
      }
    }
    foldOf[person] = best;
    foldCounts[best * 2] += counts[person * 2];
    foldCounts[best * 2 + 1] += counts[person * 2 + 1];
  }
  repair(foldOf, foldCounts, counts, k);
  return personOf.map((person) => foldOf[person]);
}

/** Moves persons until every fold has both classes; possible, since each class has at least k persons. */
function repair(foldOf: Int32Array, foldCounts: Float64Array, counts: Float64Array, k: number): void {
  for (let pass = 0; pass < 4 * k; pass++) {
    const lack = foldCounts.indexOf(0);
    if (lack < 0) return;
    const fold = lack >> 1;
    const c = lack & 1;
    let donor = -1;
    for (let p = 0; p < foldOf.length; p++) {
      const from = foldOf[p];
      const have = counts[p * 2 + c];
      if (from === fold || have === 0 || foldCounts[from * 2 + c] - have <= 0) continue;
      const otherLeft = foldCounts[from * 2 + 1 - c] - counts[p * 2 + 1 - c];
      if (otherLeft <= 0 && foldCounts[from * 2 + 1 - c] > 0) continue;
      if (donor < 0 || have < counts[donor * 2 + c]) donor = p;
    }
    if (donor < 0) break;
    for (const cls of [0, 1]) {
      foldCounts[foldOf[donor] * 2 + cls] -= counts[donor * 2 + cls];
      foldCounts[fold * 2 + cls] += counts[donor * 2 + cls];
    }
    foldOf[donor] = fold;
  }
  if (foldCounts.includes(0))
    throw new AppError(
      'split-impossible',
      'The persons cannot be dealt out so that every fold has adequate and insufficient items. Use fewer folds or rate more scans.',
      { folds: k },
    );
}

/** Size and class balance of every fold; AppError `split-leaks` if a person is in two folds. */
export function checkFolds(
  folds: ArrayLike<number>,
  labels: ArrayLike<number>,
  persons: ArrayLike<number>,
  k: number,
): FoldQuality[] {
  const foldOfPerson = new Map<number, number>();
  const items = new Float64Array(k);
  const positive = new Float64Array(k);
  for (let i = 0; i < folds.length; i++) {
    const known = foldOfPerson.get(persons[i]);
    if (known !== undefined && known !== folds[i])
      throw new AppError(
        'split-leaks',
        'One person is in two folds; the split is wrong and nothing was trained.',
        {},
      );
    foldOfPerson.set(persons[i], folds[i]);
    items[folds[i]]++;
    positive[folds[i]] += labels[i];
  }
  return Array.from({ length: k }, (_, fold) => ({
    fold,
    items: items[fold],
    persons: [...foldOfPerson.values()].filter((f) => f === fold).length,
    insufficientShare: positive[fold] / items[fold],
  }));
}
