import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProgramTool } from '../../../src-main/tools/programTool.ts';
import { runTool, type ToolRun, type ToolRunInput } from '../../../src-main/tools/runTool.ts';
import { affineOf } from '../../../src-shared/volume/affine.ts';
import type { Mask, Volume } from '../../../src-shared/volume/volume.ts';

const shape = [20, 24, 18] as const;
/** Stored left to right, front to back, upside down: nothing about it is canonical. */
export const affine = affineOf([-2, 0, 0, 20, 0, -2, 0, 24, 0, 0, -2, 18]);
const count = 20 * 24 * 18;
export const head: Volume = {
  shape,
  affine,
  values: Float32Array.from({ length: count }, (_, n) => (n % 11 === 0 ? 0 : 100 + (n % 1400))),
};
export const brain: Mask = {
  shape,
  affine,
  bits: Uint8Array.from({ length: count }, (_, n) => (Math.floor(n / 20) % 24 > 12 ? 1 : 0)),
};

const script = join(import.meta.dirname, '..', '..', 'fixtures', 'stand-ins', 'programStandIn.ts');

/** A folder with programs of these names that all behave so. */
export function standInFolder(behaviour: string, names: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'defaceqa-stand-in-'));
  for (const name of names) {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${script}' '${behaviour}' '${name}' "$@"\n`);
    chmodSync(path, 0o755);
  }
  return folder;
}

/** The tool as it is, but with nothing needed that no stand-in can be: atlases by hash, a licence, a template. */
export const relaxed = (tool: ProgramTool): ProgramTool => ({
  ...tool,
  needs: { ...tool.needs, atlases: [], freeSurferLicence: false, template: false },
});

export async function runStandIn(
  tool: ProgramTool,
  behaviour: string,
  more: Partial<ToolRunInput> = {},
): Promise<ToolRun & { folder: string; logPath: string }> {
  const root = mkdtempSync(join(tmpdir(), 'defaceqa-run-'));
  const folder = join(root, 'work folder');
  mkdirSync(folder);
  const logPath = join(root, 'log.txt');
  const programs = standInFolder(behaviour, [...tool.needs.programs]);
  const run = await runTool({
    tool: relaxed(tool),
    volume: head,
    brain,
    places: { searchFolders: [programs], fslFolder: root, freeSurferFolder: root },
    inherited: process.env,
    workFolder: folder,
    logPath,
    ...more,
  });
  return { ...run, folder, logPath };
}
