import type { ProgramTool } from './programTool.ts';
import { noNeeds } from './programTool.ts';

/** Gulban et al., PyDeface, doi 10.5281/zenodo.3524400: an affine registration of a template by FSL's FLIRT. */
export const pydeface = {
  kind: 'program',
  makes: 'defacing',
  id: 'pydeface',
  title: 'PyDeface',
  needsBrain: false,
  needsT1: true,
  licence: 'MIT; needs FSL, which is free for non-commercial use only',
  page: 'https://github.com/poldracklab/pydeface',
  needs: {
    ...noNeeds,
    programs: ['pydeface', 'flirt', 'fsl'],
    folders: ['fsl'],
    mend: 'pip install pydeface, and FSL from https://fsl.fmrib.ox.ac.uk',
  },
  defaults: { cost: 'mutualinfo' },
  // The input comes first: --applyto would swallow whatever follows it.
  command: ({ input, output, settings }) => ({
    file: 'pydeface',
    args: [input, '--outfile', output, '--cost', String(settings.cost), '--nocleanup'],
    env: { FSLOUTPUTTYPE: 'NIFTI_GZ' },
  }),
  progressOf: (line) =>
    line.startsWith('Defacing') ? 0.05 : line.startsWith('Defaced image saved') ? 0.95 : null,
  versionQuery: { file: 'pydeface', args: ['--help'], env: {} },
  versionOf: (text) => /pydeface (\d+[\w.]*)/.exec(text)?.[1] ?? null,
  produces: ['out.nii.gz', 'out.nii'],
  ownMask: { file: 'in_pydeface_mask.nii.gz', one: 'kept' },
  outcomeOf: (log) =>
    /fsl cannot be found|FSL must be installed|flirt.*(?:not found|could not be found)/i.test(log)
      ? 'tool-missing'
      : /Image Exception|Missing warped_mask/i.test(log)
        ? 'registration-failed'
        : null,
  badVersions: [{ version: /^2\.0\.[12]$/, why: 'does not start with setuptools 82 and later' }],
  timeoutMs: 20 * 60_000,
  memoryMb: 2048,
  staged: 'exact',
  refaces: () => false,
  retries: [{ cost: 'corratio' }, { cost: 'normmi' }],
} as const satisfies ProgramTool;
