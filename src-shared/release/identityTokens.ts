/** Where a text about a person was found, and how much of it counts. */
export interface IdentitySource {
  /** What kind of text it is, never the text itself: `PatientName`, `descrip`, `source file name`. */
  readonly kind: string;
  readonly text: string;
  /** Names and numbers given to people: each part of them counts. Else only the text as a whole does. */
  readonly names: boolean;
}

/** A piece of text that must not leave the building. */
export interface IdentityToken {
  readonly kind: string;
  /** Folded: lower case, without accents, letters and digits only. */
  readonly folded: string;
}

/** Lower case, accents off, letters and digits of any script only: `Müller^Hans` and `MUELLER-hans` need no exact spelling. */
export const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, '');

/** German and Nordic letters as they are typed where the keyboard has none. */
const transcribed = (text: string): string =>
  text
    .replace(/ä/gi, 'ae')
    .replace(/[öø]/gi, 'oe')
    .replace(/ü/gi, 'ue')
    .replace(/ß/g, 'ss')
    .replace(/å/gi, 'aa');

const words = (text: string): string[] => text.split(/[^\p{L}\p{N}\p{M}]+/u).filter((word) => word !== '');

/** Titles and particles that name nobody. */
const titles = new Set(['prof', 'frau', 'herr', 'madame', 'miss', 'none', 'unknown', 'anonymous', 'anonymized', 'dataset']); // prettier-ignore

/**
 * What to look for, from everything the study knows of its people. A name counts as a whole and by each part of three
 * letters or more; a number given to a person from four characters on; other texts as a whole from six on, so that an
 * ordinary word of a header is no alarm.
 */
export function identityTokens(sources: readonly IdentitySource[]): IdentityToken[] {
  const tokens = new Map<string, IdentityToken>();
  const add = (kind: string, text: string, least: number): void => {
    for (const spelling of [text, transcribed(text)]) {
      const folded = fold(spelling);
      if (folded.length >= least && !titles.has(folded) && !tokens.has(folded))
        tokens.set(folded, { kind, folded });
    }
  };
  for (const { kind, text, names } of sources) {
    if (!names) {
      add(kind, text, 6);
      continue;
    }
    add(kind, text, 4);
    const parts = words(text);
    for (const part of parts) add(kind, part, /\p{L}/u.test(part) ? 3 : 4);
    // A family name before a given name is written the other way round as well.
    if (parts.length === 2) add(kind, `${parts[1]}${parts[0]}`, 5);
  }
  return [...tokens.values()];
}

/**
 * Kinds of identity that occur in a text. Parts of up to four characters must stand alone (`Kim` is not in `kimura`);
 * longer ones are found inside other words too, since file names run words together.
 */
export function identitiesIn(text: string, tokens: readonly IdentityToken[]): string[] {
  const whole = fold(text);
  const alone = new Set(words(text.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')).map(fold));
  const found = new Set<string>();
  for (const { kind, folded } of tokens)
    if (folded.length <= 4 ? alone.has(folded) : whole.includes(folded)) found.add(kind);
  return [...found];
}

/** Shapes of text that identify whoever they belong to: dates, e-mail addresses, long numbers, DICOM names and UIDs. */
const shapes: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['date', /(?<!\d)(19|20)\d\d[-./]?(0[1-9]|1[0-2])[-./]?(0[1-9]|[12]\d|3[01])(?!\d)/],
  ['date', /(?<!\d)(0?[1-9]|[12]\d|3[01])[./](0?[1-9]|1[0-2])[./](19|20)?\d\d(?!\d)/],
  ['e-mail address', /[\w.+-]+@[\w-]+\.\w+/],
  ['DICOM name', /\p{L}{2,}\^\p{L}+/u],
  ['unique identifier', /(?<![\d.])\d+(\.\d+){5,}/],
  ['long number', /(?<![\d.])\d{7,}(?![\d.])/],
];

export const identifyingShapes = (text: string): string[] => [
  ...new Set(shapes.filter(([, pattern]) => pattern.test(text)).map(([kind]) => kind)),
];
