/** A seeded stream of pseudo-random numbers: the same seed gives the same numbers on every machine. */
export interface SeededRandom {
  /** Uniform in [0, 1), 32 bits of resolution. */
  readonly next: () => number;
  /** Uniform unsigned 32-bit integer. */
  readonly nextUint32: () => number;
  /** Uniform in [low, high). */
  readonly uniform: (low: number, high: number) => number;
  /** Uniform integer from 0 to n - 1; throws RangeError unless n is an integer from 1 to 2^32. */
  readonly integer: (n: number) => number;
  /** Normal deviate with mean 0 and standard deviation 1. */
  readonly normal: () => number;
}

/** One step of the SplitMix32 finaliser: turns any 32-bit integer into a well-mixed one. */
function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return (h ^ (h >>> 15)) >>> 0;
}

/** FNV-1a over UTF-16 units, so that names can be seeds as well. */
function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/**
 * sfc32 (Doty-Humphrey's small fast counting generator, period at least 2^32) seeded through SplitMix32 and
 * run in. `seed` is a safe integer or a text; `stream` gives independent streams of one seed ('noise', 'fold 3').
 * Normal deviates by Marsaglia's polar method (Marsaglia and Bray 1964). Throws RangeError for a seed that is
 * not a safe integer.
 */
export function seededRandom(seed: number | string, stream = ''): SeededRandom {
  if (typeof seed === 'number' && !Number.isSafeInteger(seed))
    throw new RangeError('A seed is a whole number.');
  const low = typeof seed === 'string' ? hashText(seed) : seed >>> 0;
  const high = typeof seed === 'string' ? seed.length : Math.floor(seed / 4294967296) >>> 0;
  const streamHash = stream === '' ? 0 : hashText(stream);
  let state = (low ^ mix32(high + 0x9e3779b9) ^ mix32(streamHash ^ 0x85ebca6b)) >>> 0;
  const word = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    return mix32(state);
  };
  let a = word();
  let b = word();
  let c = (word() ^ streamHash) | 0;
  let counter = 1;
  let spare: number | null = null;

  const nextUint32 = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) nextUint32();

  const next = (): number => nextUint32() / 4294967296;
  return {
    next,
    nextUint32,
    uniform: (from, to) => from + (to - from) * next(),
    integer(n) {
      if (!Number.isInteger(n) || n < 1 || n > 4294967296) throw new RangeError('n must be 1 to 2^32.');
      // Values past the last whole multiple of n would favour small results: draw again.
      const limit = 4294967296 - (4294967296 % n);
      let value = nextUint32();
      while (value >= limit) value = nextUint32();
      return value % n;
    },
    normal() {
      if (spare !== null) {
        const value = spare;
        spare = null;
        return value;
      }
      let u: number;
      let v: number;
      let s: number;
      do {
        u = 2 * next() - 1;
        v = 2 * next() - 1;
        s = u * u + v * v;
      } while (s >= 1 || s === 0);
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      spare = v * scale;
      return u * scale;
    },
  };
}

/** A shuffled copy (Fisher-Yates); every order is equally likely. */
export function shuffle<T>(items: readonly T[], random: SeededRandom): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}
