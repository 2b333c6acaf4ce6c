import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { native } from '../../src-main/tools/launchers/launcher.ts';
import { missingOf } from '../../src-main/tools/findTools.ts';
import { mriDeface } from '../../src-main/tools/mriDeface.ts';
import { programTools } from '../../src-main/tools/programTools.ts';
import { outcomes } from '../../src-shared/domain/outcome.ts';

const help = (...parts: string[]): string =>
  join(import.meta.dirname, '..', '..', 'resources', 'help', ...parts);

describe.each(programTools.map((tool) => [tool.id, tool] as const))('the tool %s', (_, tool) => {
  it('is called by plain names inside its folder, with its settings in the command', () => {
    const inputs = {
      input: 'in.nii.gz',
      output: 'out.nii.gz',
      brain: 'brain.nii.gz',
      superiorSpacingMm: 2,
      places: {},
    };
    const { args, file } = tool.command({ ...inputs, settings: tool.defaults });
    expect(args).toContain('in.nii.gz');
    expect(file).not.toMatch(/[\s;/]/);
    for (const retry of tool.retries) {
      expect(tool.command({ ...inputs, settings: { ...tool.defaults, ...retry } }).args).not.toEqual(args);
    }
  });

  it('says what mends its absence and leaves a known file', () => {
    expect(tool.needs.mend).toMatch(/pip install|https:/);
    expect(tool.produces.length).toBeGreaterThan(0);
    expect(tool.timeoutMs).toBeGreaterThan(60_000);
  });
});

it.each(outcomes)('the outcome %s has a help page with what to do', (outcome) => {
  expect(existsSync(help('outcomes', `${outcome}.md`))).toBe(true);
  expect(readFileSync(help('outcomes', `${outcome}.md`), 'utf8')).toContain('## What to do');
});

it('MRI Deface gets the brain atlas before the face atlas', () => {
  const { args } = mriDeface.command({
    input: 'in.nii.gz', output: 'out.nii.gz', brain: null, superiorSpacingMm: 1, settings: mriDeface.defaults,
    places: { atlasFolder: '/a' },
  }); // prettier-ignore
  expect(args.slice(2)).toEqual([
    'in.nii.gz',
    '/a/talairach_mixed_with_skull.gca',
    '/a/face.gca',
    'out.nii.gz',
  ]);
});

it('an atlas of the right name and other content is not taken', async () => {
  const atlasFolder = mkdtempSync(join(tmpdir(), 'defaceqa-atlas-'));
  writeFileSync(join(atlasFolder, 'face.gca'), 'something else');
  const missing = await missingOf(mriDeface, { places: { atlasFolder }, launcher: native }, { PATH: '' });
  expect(missing.map(({ what }) => what)).toEqual([
    'mri_deface',
    'talairach_mixed_with_skull.gca',
    'face.gca (another file of that name is there)',
  ]);
});
