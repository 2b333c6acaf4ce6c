/** Names in braces of a text: `{n} files` has n. */
type Holes<Text extends string> = Text extends `${string}{${infer Hole}}${infer Rest}`
  ? Hole | Holes<Rest>
  : never;

/** A text as the screen uses it: a plain one as it is, one with holes as a function that fills them. */
export type Worded<Texts extends Readonly<Record<string, string>>> = {
  readonly [Key in keyof Texts]: [Holes<Texts[Key]>] extends [never]
    ? string
    : (fill: Readonly<Record<Holes<Texts[Key]>, string | number>>) => string;
};

export type LanguageTexts = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A language file: its name, and for each table (a file in words/) the texts it translates. */
export interface Language {
  readonly name: string;
  /** As HTML names languages, e.g. de. */
  readonly code: string;
  readonly texts: LanguageTexts;
}

const tables = new Map<string, Readonly<Record<string, string>>>();
let chosen = $state.raw<Language | null>(null);

/** The language in use; null is the English that is written in the program. */
export const language = (): Language | null => chosen;
export function useLanguage(language: Language | null): void {
  chosen = language;
}

/** Every English text by table and key, of the tables that were loaded. */
export const englishTexts = (): LanguageTexts => Object.fromEntries(tables);

/**
 * A table of the texts of one screen, in English. Reading one gives it in the language in use, and English where that has
 * none; `{name}` in a text is a hole and makes it a function. The keys are what a language file translates.
 */
export function words<const Texts extends Readonly<Record<string, string>>>(
  table: string,
  english: Texts,
): Worded<Texts> {
  tables.set(table, english);
  const worded = {};
  for (const [key, text] of Object.entries(english)) {
    const now = (): string => chosen?.texts[table]?.[key] ?? text;
    const fill = (values: Readonly<Record<string, string | number>>): string => filled(now(), values);
    Object.defineProperty(worded, key, {
      enumerable: true,
      get: () => (holesOf(text).length > 0 ? fill : now()),
    });
  }
  return worded as Worded<Texts>;
}

export const holesOf = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, hole]) => hole))].sort();

const filled = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (_, hole: string) => String(values[hole] ?? ''));
