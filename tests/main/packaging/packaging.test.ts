import { listPackage } from '@electron/asar';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build, Platform, type Configuration } from 'electron-builder';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build as buildPages } from 'vite';

const root = resolve(import.meta.dirname, '..', '..', '..');
const require = createRequire(import.meta.url);
const run = promisify(execFile);

interface Yaml {
  readonly load: (text: string) => unknown;
}
interface Checks {
  readonly validateConfiguration: (config: unknown, logger: { isEnabled: boolean }) => Promise<void>;
}
const { validateConfiguration } = require('app-builder-lib/out/util/config/config') as Checks;
const yaml = require('js-yaml') as Yaml;

let config: Configuration;
let folder: string;
beforeAll(async () => {
  config = yaml.load(await readFile(join(root, 'electron-builder.yml'), 'utf8')) as Configuration;
  folder = await mkdtemp(join(tmpdir(), 'packaging-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the packaging of the desktop application', () => {
  it('is described by settings the packager knows, and it says when it does not', async () => {
    await validateConfiguration(config, { isEnabled: false });
    await expect(
      validateConfiguration({ ...config, noSuchSetting: true }, { isEnabled: false }),
    ).rejects.toThrow(/noSuchSetting/);
  });

  it('closes what a packaged application leaves open by default', () => {
    expect(config.electronFuses).toEqual({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableCookieEncryption: true,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
    });
  });

  it('opens studies by their file, and has a picture large enough for every system', async () => {
    expect(config.fileAssociations).toMatchObject([{ ext: 'defaceqa' }]);
    const png = await readFile(join(root, 'resources', 'icons', 'icon.png'));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1024, 1024]);
  });

  it('holds the bundle, the pages, help and template; the database and what programs read lie beside it', async () => {
    await buildPages({ configFile: join(root, 'vite.config.ts'), logLevel: 'error' });
    const { default: bundles } = (await import(join(root, 'rolldown.config.ts'))) as {
      default: (Parameters<typeof rolldown>[0] & { output: object })[];
    };
    for (const options of bundles) await (await rolldown(options)).write(options.output);
    // The binary itself cannot be had offline: a stand-in of its name is packaged instead, and has no fuses to set.
    const electronDist = join(folder, 'electron');
    await mkdir(join(electronDist, 'resources'), { recursive: true });
    await writeFile(join(electronDist, 'electron'), '#!/bin/sh\n');
    await chmod(join(electronDist, 'electron'), 0o755);
    const directories = { ...config.directories, output: join(folder, 'dist') };
    await writeFile(
      join(folder, 'builder.json'),
      JSON.stringify({ ...config, electronFuses: undefined, electronDist, directories }),
    );
    await build({
      projectDir: root,
      publish: null,
      targets: Platform.LINUX.createTarget('dir'),
      config: join(folder, 'builder.json'),
    });
    const resources = join(folder, 'dist', 'linux-unpacked', 'resources');
    const listed = listPackage(join(resources, 'app.asar'), { isPack: false }).map((name) =>
      name.replaceAll('\\', '/'),
    );
    for (const name of [
      '/package.json',
      '/out/main/electron.js',
      '/out/main/worker.js',
      '/out/main/displayWorker.js',
      '/out/renderer/index.html',
      '/resources/help/start.md',
    ]) {
      expect(listed).toContain(name);
    }
    expect(listed.filter((name) => /^\/(src-|tests|docs|\.ci)/.test(name))).toEqual([]);
    expect(listed.filter((name) => /better-sqlite3\/(deps|src)\//.test(name))).toEqual([]);

    const unpacked = await readdir(join(resources, 'app.asar.unpacked'), { recursive: true });
    const prebuilt = unpacked.filter((name) => name.includes('prebuilds') && name.endsWith('.node'));
    expect(prebuilt.map((name) => name.split(/[\\/]/).pop())).toEqual([`linux-${process.arch}.node`]);
    expect(unpacked).toContain(join('resources', 'template', 'head.nii.gz'));
    expect(existsSync(join(resources, 'app.asar.unpacked', 'node_modules', '@niivue', 'dcm2niix'))).toBe(
      true,
    );
  });

  it('has a bundle whose command line runs without the sources', async () => {
    const { stdout } = await run(process.execPath, [join(root, 'out', 'main', 'cli.js'), '--help']);
    expect(stdout).toContain('defaceqa');
  });
});
