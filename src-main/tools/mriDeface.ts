import { join } from 'node:path';
import type { ProgramTool, ToolPlaces } from './programTool.ts';
import { noNeeds } from './programTool.ts';

/** Bischoff-Grethe et al., Human Brain Mapping 2007;28:892. The brain atlas comes before the face atlas. */
export const mriDeface = {
  kind: 'program',
  makes: 'defacing',
  id: 'mrideface',
  title: 'MRI Deface',
  needsBrain: false,
  needsT1: true,
  licence: 'FreeSurfer software licence; research only, commercial use at own risk',
  page: 'https://surfer.nmr.mgh.harvard.edu/fswiki/mri_deface',
  needs: {
    ...noNeeds,
    programs: ['mri_deface'],
    atlases: [
      {
        name: 'talairach_mixed_with_skull.gca',
        bytes: 65_257_649,
        sha256: 'fb593519b4c6012d26da9c0ac645c5d4c4a59fa287c2e1167a16556f57ee4c6e',
      },
      {
        name: 'face.gca',
        bytes: 32_971_761,
        sha256: 'd745a2080ade3d62653466a175966fdfd4721c533dffecc5df774ea73d00d601',
      },
    ],
    mend: 'FreeSurfer, or the mri_deface download with both atlases: https://surfer.nmr.mgh.harvard.edu/fswiki/mri_deface',
  },
  defaults: { radiusMm: 7 },
  command: ({ input, output, settings, places }) => ({
    file: 'mri_deface',
    args: [
      '-radius',
      String(settings.radiusMm),
      input,
      join(atlasFolderOf(places), 'talairach_mixed_with_skull.gca'),
      join(atlasFolderOf(places), 'face.gca'),
      output,
    ],
    env: {},
  }),
  progressOf: (line) =>
    line.startsWith('reading')
      ? 0.1
      : line.startsWith('computing MAP')
        ? 0.3
        : line.startsWith('anonymizing')
          ? 0.8
          : null,
  versionQuery: { file: 'mri_deface', args: ['--version'], env: {} },
  versionOf: (text) => /(\d+\.\d[\w.]*)/.exec(text)?.[1] ?? null,
  produces: ['out.nii.gz', 'out.nii'],
  ownMask: null,
  outcomeOf: (log) => {
    if (/could not (?:open|read) (?:GCA|.*\.gca)/i.test(log)) return 'atlas-missing';
    const erased = /(\d+) face voxels erased/.exec(log)?.[1];
    return erased !== undefined && Number(erased) < 1000 ? 'registration-failed' : null;
  },
  badVersions: [],
  timeoutMs: 20 * 60_000,
  memoryMb: 2048,
  staged: 'int16',
  refaces: () => false,
  retries: [{ radiusMm: 5 }],
} as const satisfies ProgramTool;

/** The folder given, else FreeSurfer's own. */
export const atlasFolderOf = (places: ToolPlaces): string =>
  places.atlasFolder ?? join(places.freeSurferFolder ?? '', 'average');
