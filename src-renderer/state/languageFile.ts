import { holesOf, type Language, type LanguageTexts } from './words.svelte.ts';

/** What came of reading a language file: the language, or why it can not be used. */
export interface ReadLanguage {
  /** null where the file is no language file at all. */
  readonly language: Language | null;
  /** Texts that were left out, each with what is wrong with it; English stands in their place. */
  readonly problems: readonly string[];
  readonly translated: number;
  readonly total: number;
}

/**
 * Reads a language file: `{ "name": "Deutsch", "code": "de", "texts": { "batch": { "start": "Starten" } } }`. Keys must be
 * those of the English texts and holes like {n} must be the same; what does not fit is named and left out.
 */
export function readLanguage(file: string, english: LanguageTexts): ReadLanguage {
  const total = Object.values(english).reduce((sum, table) => sum + Object.keys(table).length, 0);
  let parsed: unknown;
  try {
    parsed = JSON.parse(file);
  } catch {
    return { language: null, problems: [], translated: 0, total };
  }
  const { name, code, texts } = (parsed ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || typeof code !== 'string' || typeof texts !== 'object' || texts === null)
    return { language: null, problems: [], translated: 0, total };
  const problems: string[] = [];
  const kept: Record<string, Record<string, string>> = {};
  let translated = 0;
  for (const [table, entries] of Object.entries(texts as Record<string, unknown>)) {
    const known = english[table] as Readonly<Record<string, string>> | undefined;
    if (known === undefined || typeof entries !== 'object' || entries === null) {
      problems.push(`${table}: no such table`);
      continue;
    }
    for (const [key, text] of Object.entries(entries as Record<string, unknown>)) {
      const original = Object.hasOwn(known, key) ? known[key] : null;
      if (original === null) problems.push(`${table}.${key}: no such text`);
      else if (typeof text !== 'string' || text.trim() === '') problems.push(`${table}.${key}: empty`);
      else if (holesOf(text).join() !== holesOf(original).join())
        problems.push(`${table}.${key}: needs {${holesOf(original).join('}, {')}}`);
      else {
        (kept[table] ??= {})[key] = text;
        translated++;
      }
    }
  }
  return { language: { name, code, texts: kept }, problems, translated, total };
}

/** The English texts as a language file to translate. */
export const languageTemplate = (english: LanguageTexts): string =>
  `${JSON.stringify({ name: 'English', code: 'en', texts: english }, null, 2)}\n`;
