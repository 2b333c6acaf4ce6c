import { seededRandom, shuffle } from '../stats/random.ts';

/**
 * A label for every person who has none yet: `p` and a number, in an order drawn by the seed so that it tells nothing
 * of the order of the study. Labels given before stay.
 */
export function newLabels(
  people: readonly string[],
  given: ReadonlyMap<string, string>,
  seed: string,
): Map<string, string> {
  const used = new Set(given.values());
  const missing = [...new Set(people)].filter((person) => !given.has(person)).sort();
  const total = given.size + missing.length;
  const width = Math.max(3, String(total).length);
  const free: string[] = [];
  for (let n = 1; free.length < missing.length; n++) {
    const label = `p${String(n).padStart(width, '0')}`;
    if (!used.has(label)) free.push(label);
  }
  const drawn = shuffle(free, seededRandom(seed, `labels ${given.size}`));
  return new Map([...given, ...missing.map((person, n) => [person, drawn[n]] as const)]);
}
