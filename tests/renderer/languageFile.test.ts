import { afterEach, expect, it } from 'vitest';
import { languageTemplate, readLanguage } from '../../src-renderer/state/languageFile.ts';
import { allTexts, backToEnglish, takeLanguage } from '../../src-renderer/state/language.ts';
import { useLanguage, words } from '../../src-renderer/state/words.svelte.ts';

afterEach(() => backToEnglish());

const english = { batch: { start: 'Start', left: 'about {time} left' } };
const file = (texts: unknown): string => JSON.stringify({ name: 'Deutsch', code: 'de', texts });

it('fills the holes of a text, in English and in the language in use', () => {
  const text = words('test', { hello: 'Hello {name}', plain: 'Stop' });
  expect([text.hello({ name: 'A' }), text.plain]).toEqual(['Hello A', 'Stop']);
  useLanguage({ name: 'x', code: 'x', texts: { test: { hello: '{name}, hallo' } } });
  expect([text.hello({ name: 'A' }), text.plain]).toEqual(['A, hallo', 'Stop']);
});

it('takes texts whose keys and holes are those of the English ones', () => {
  const { language, problems, translated, total } = readLanguage(
    file({ batch: { start: 'Los', left: 'noch {time}' } }),
    english,
  );
  expect(language?.texts).toEqual({ batch: { start: 'Los', left: 'noch {time}' } });
  expect({ problems, translated, total }).toEqual({ problems: [], translated: 2, total: 2 });
});

it('leaves out and names what does not fit: keys, holes, empty texts, whole tables', () => {
  const { language, problems } = readLanguage(
    file({ batch: { start: ' ', left: 'noch', __proto__x: 'y', constructor: 'z' }, other: {} }),
    english,
  );
  expect(language?.texts).toEqual({});
  expect(problems).toEqual([
    'batch.start: empty',
    'batch.left: needs {time}',
    'batch.__proto__x: no such text',
    'batch.constructor: no such text',
    'other: no such table',
  ]);
});

it.each(['', '[]', '{"name": "x"}', 'null', '{"name": 1, "code": "de", "texts": {}}'])(
  'sees that %s is no language file',
  (text) => expect(readLanguage(text, english).language).toBeNull(),
);

it('the template it saves is a language file that translates every text there is', async () => {
  const all = await allTexts();
  expect(Object.keys(all)).toEqual(expect.arrayContaining(['shell', 'import', 'batch', 'compare']));
  const read = await takeLanguage(languageTemplate(all));
  expect(read.problems).toEqual([]);
  expect(read.translated).toBe(read.total);
});
