import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..', '..');

interface Import {
  /** Path of the importing file below the root, `/` between its parts. */
  readonly from: string;
  /** Path of the imported file below the root, or the name of a package. */
  readonly to: string;
  readonly outside: boolean;
}

const sources = ['src-shared', 'src-main', 'src-renderer'].flatMap((part) =>
  readdirSync(join(root, part), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|js|svelte)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name)),
);

const pattern =
  /(?:^|[\n;])\s*(?:import|export)\s(?:[^;'"]*?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|@import\s+['"]([^'"]+)['"]/g;

const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

function importsOf(path: string): Import[] {
  const from = relative(root, path).split(sep).join('/');
  const text = withoutComments(readFileSync(path, 'utf8'));
  return [...text.matchAll(pattern)].map((match) => {
    const [target] = [match[1], match[2], match[3]].filter((part: string | undefined) => part !== undefined);
    const outside = !target.startsWith('.');
    const to = outside
      ? target
      : relative(root, resolve(dirname(path), target))
          .split(sep)
          .join('/');
    return { from, to, outside };
  });
}

const all = sources.flatMap(importsOf);
const packageOf = (name: string): string => /^(@[^/]+\/[^/]+|[^/]+)/.exec(name)?.[0] ?? name;
const isNode = (name: string): boolean =>
  name.startsWith('node:') || builtinModules.includes(packageOf(name));
const broken = (rule: (each: Import) => boolean): string[] =>
  all.filter(rule).map(({ from, to }) => `${from} imports ${to}`);
const within = (path: string, ...folders: readonly string[]): boolean =>
  folders.some((folder) => path === folder || path.startsWith(`${folder}/`));

/** Where each package from outside enters. A folder stands for every file in it. */
const doors: Readonly<Record<string, readonly string[]>> = {
  '@niivue/dcm2niix': ['src-main/dicom/dcm2niixWorker.ts'],
  'better-sqlite3': ['src-main/store/openStore.ts'],
  commander: ['src-main/hosts/cli'],
  'd3-array': ['src-renderer/charts'],
  'd3-scale': ['src-renderer/charts'],
  'd3-shape': ['src-renderer/charts'],
  'dicom-parser': ['src-main/dicom/dicomHeader.ts'],
  electron: ['src-main/hosts/electron'],
  'fast-png': ['src-main/files/png.ts'],
  fflate: ['src-main/dicom/unpackZip.ts'],
  marked: ['src-renderer/client/markdown.ts'],
  'ml-cart': ['src-shared/model/cart.ts'],
  'nifti-reader-js': ['src-shared/volume/nifti.ts'],
  three: ['src-renderer/scene'],
  // Builds the pages where a checkout has none yet; a package brings them along.
  vite: ['src-main/hosts/cli/serveCommand.ts'],
  valibot: ['src-shared/api/checks.ts'],
};
/** Part of how the renderer is written; not wrapped. */
const everywhereInRenderer = ['svelte', '@lucide/svelte', '@fontsource-variable/inter'];

describe('the import rules', () => {
  it('see the imports there are', () => {
    expect(all.length).toBeGreaterThan(300);
    expect(all).toContainEqual({
      from: 'src-main/store/openStore.ts',
      to: 'better-sqlite3',
      outside: true,
    });
    expect(all.some(({ from, to }) => from.endsWith('.svelte') && to.endsWith('.svelte'))).toBe(true);
  });

  it('shared code uses nothing but shared code: no Node, no engine, no window', () => {
    expect(
      broken(
        ({ from, to, outside }) =>
          within(from, 'src-shared') && (outside ? isNode(to) : !within(to, 'src-shared')),
      ),
    ).toEqual([]);
  });

  it('engine and renderer do not know each other', () => {
    expect(
      broken(
        ({ from, to }) =>
          (within(from, 'src-main') && within(to, 'src-renderer')) ||
          (within(from, 'src-renderer') && (within(to, 'src-main') || isNode(to))),
      ),
    ).toEqual([]);
  });

  it('hosts are leaves: nothing outside of them imports one', () => {
    expect(broken(({ from, to }) => !within(from, 'src-main/hosts') && within(to, 'src-main/hosts'))).toEqual(
      [],
    );
  });

  it('each package from outside enters through its one place', () => {
    expect(
      broken(({ from, to, outside }) => {
        if (!outside || isNode(to)) return false;
        const name = packageOf(to);
        if (within(from, 'src-renderer') && everywhereInRenderer.includes(name)) return false;
        return !within(from, ...(doors[name] ?? []));
      }),
    ).toEqual([]);
  });

  it('parts know only parts and shared types', () => {
    expect(
      broken(
        ({ from, to, outside }) =>
          within(from, 'src-renderer/parts') && !outside && !within(to, 'src-renderer/parts', 'src-shared'),
      ),
    ).toEqual([]);
  });

  it('below the engine each folder knows only what it wraps', () => {
    const known: Readonly<Record<string, readonly string[]>> = {
      files: [],
      store: [],
      tools: ['files'],
      jobs: ['store'],
      workers: ['files'],
    };
    expect(
      broken(({ from, to, outside }) => {
        const [, folder] = from.split(posix.sep);
        const may = known[folder] as readonly string[] | undefined;
        if (outside || !within(from, 'src-main') || may === undefined) return false;
        return !within(to, 'src-shared', ...[folder, ...may].map((name) => `src-main/${name}`));
      }),
    ).toEqual([]);
  });

  it('imports of our own files end in their real ending', () => {
    expect(broken(({ to, outside }) => !outside && !/\.(ts|js|svelte|css|json|svg)$/.test(to))).toEqual([]);
  });
});
