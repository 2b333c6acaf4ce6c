import type { ProgramTool } from './programTool.ts';
import { noNeeds } from './programTool.ts';

/** MiDeFace of FreeSurfer 7.3 and later. Fills with zero, or with its own imitation of air and tissue (`fill` is `imitation`). */
export const mideface = {
  kind: 'program',
  makes: 'defacing',
  id: 'mideface',
  title: 'MiDeFace',
  needsBrain: false,
  needsT1: false,
  licence: 'FreeSurfer software licence; needs a licence file',
  page: 'https://surfer.nmr.mgh.harvard.edu/fswiki/MiDeFace',
  needs: {
    ...noNeeds,
    programs: ['mideface', 'tcsh'],
    folders: ['freesurfer'],
    freeSurferLicence: true,
    mend: 'FreeSurfer 7.4.1 or later: https://surfer.nmr.mgh.harvard.edu/fswiki/DownloadAndInstall',
  },
  defaults: { fill: 'zero' },
  command: ({ input, output, settings }) => ({
    file: 'mideface',
    args: [
      '--i',
      input,
      '--o',
      output,
      '--facemask',
      'own_mask.nii.gz',
      ...(settings.fill === 'zero' ? ['--fill-zero'] : []),
      '--threads',
      '1',
    ],
    env: {},
  }),
  progressOf: () => null,
  versionQuery: null,
  versionOf: () => null,
  produces: ['out.nii.gz'],
  ownMask: { file: 'own_mask.nii.gz', one: 'unknown' },
  outcomeOf: (log) => (/license file|licence file/i.test(log) ? 'licence-missing' : null),
  badVersions: [{ version: /^7\.4\.0/, why: 'a threshold of the face mask was wrong' }],
  timeoutMs: 60 * 60_000,
  memoryMb: 4096,
  staged: 'exact',
  refaces: ({ fill }) => fill !== 'zero',
  retries: [],
} as const satisfies ProgramTool;
