import type { ProgramTool } from './programTool.ts';
import { noNeeds } from './programTool.ts';

/** niimath -deface: an affine registration to a template head; where its keep mask falls below one half, voxels go. */
export const niimath = {
  kind: 'program',
  makes: 'defacing',
  id: 'niimath',
  title: 'niimath',
  needsBrain: false,
  needsT1: true,
  licence: 'BSD-2-Clause',
  page: 'https://github.com/rordenlab/niimath',
  needs: { ...noNeeds, programs: ['niimath'], template: true, mend: 'pip install niimath' },
  defaults: {},
  command: ({ input, output, places }) => ({
    file: 'niimath',
    args: [input, '-deface', places.niimathTemplate ?? '', places.niimathKeepMask ?? '', output],
    env: { FSLOUTPUTTYPE: 'NIFTI_GZ' },
  }),
  progressOf: (line) => (line.startsWith('+') ? 0.5 : null),
  versionQuery: { file: 'niimath', args: ['-version'], env: {} },
  versionOf: (text) => /v?(\d+\.\d+\.\d+)/.exec(text)?.[1] ?? null,
  produces: ['out.nii.gz', 'out.nii'],
  ownMask: null,
  outcomeOf: () => null,
  badVersions: [],
  timeoutMs: 20 * 60_000,
  memoryMb: 2048,
  staged: 'exact',
  refaces: () => false,
  retries: [],
} as const satisfies ProgramTool;
