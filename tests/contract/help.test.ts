import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allTools } from '../../src-main/tools/allTools.ts';
import { suspicionChecks } from '../../src-shared/suspects/findSuspicions.ts';

const root = join(import.meta.dirname, '..', '..');
const help = join(root, 'resources', 'help');

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|svelte)$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

const sources = ['src-main', 'src-shared', 'src-renderer'].flatMap((folder) =>
  sourcesBelow(join(root, folder)),
);
const codes = new Set(
  sources.flatMap((text) => [...text.matchAll(/new AppError\(\s*'([a-z0-9-]+)'/g)].map(([, code]) => code)),
);

describe('help', () => {
  it.each([...codes].toSorted())('has a page for the error %s', (code) => {
    const path = join(help, 'errors', `${code}.md`);
    expect(existsSync(path)).toBe(true);
    expect(readFileSync(path, 'utf8')).toMatch(/^# .+\n[\s\S]+## What to do\n\n.+/);
  });

  it('has no page for an error nobody can get', () => {
    const known = sources.join('\n');
    const idle = readdirSync(join(help, 'errors'))
      .map((name) => name.replace(/\.md$/, ''))
      .filter((code) => !known.includes(`'${code}'`));
    expect(idle).toEqual([]);
  });

  it('links only to pages that are there', () => {
    for (const entry of readdirSync(help, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.md'),
    )) {
      const text = readFileSync(join(help, entry), 'utf8');
      for (const [, target] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
        expect(existsSync(join(help, entry, '..', target)), `${entry} links to ${target}`).toBe(true);
      }
    }
  });

  it.each(allTools.map(({ id }) => id))('has a page for the tool %s that names it', (id) => {
    expect(readFileSync(join(help, 'tools', `${id}.md`), 'utf8')).toContain(`\`${id}\``);
  });

  it('has a page for each suspicion', () => {
    for (const { kind } of suspicionChecks)
      expect(existsSync(join(help, 'suspects', `${kind}.md`)), kind).toBe(true);
  });

  it('promises nothing it can not keep', () => {
    for (const entry of readdirSync(help, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.md'),
    )) {
      expect(readFileSync(join(help, entry), 'utf8'), entry).not.toMatch(/\banonymi[sz]ed\b|\bcompliant\b/i);
    }
  });
});
