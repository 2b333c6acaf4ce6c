import { readLanguage, type ReadLanguage } from './languageFile.ts';
import { englishTexts, useLanguage, type Language } from './words.svelte.ts';

const tables = import.meta.glob('../words/*.ts');
const key = 'language';

/** Every table there is, those of screens not yet opened too. */
export async function allTexts(): Promise<ReturnType<typeof englishTexts>> {
  await Promise.all(Object.values(tables).map((load) => load()));
  return englishTexts();
}

/** Takes a language file into use and keeps it in this browser or window. */
export async function takeLanguage(file: string): Promise<ReadLanguage> {
  const read = readLanguage(file, await allTexts());
  if (read.language !== null && read.translated > 0) {
    localStorage.setItem(key, JSON.stringify(read.language));
    use(read.language);
  }
  return read;
}

export function backToEnglish(): void {
  localStorage.removeItem(key);
  use(null);
}

/** The language that was taken into use before; it was checked then. */
export function restoreLanguage(): void {
  try {
    const kept = localStorage.getItem(key);
    if (kept !== null) use(JSON.parse(kept) as Language);
  } catch {
    localStorage.removeItem(key); // what was kept no longer says anything
  }
}

function use(language: Language | null): void {
  useLanguage(language);
  document.documentElement.lang = language?.code ?? 'en';
}
