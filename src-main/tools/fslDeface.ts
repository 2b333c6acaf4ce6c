import type { ProgramTool } from './programTool.ts';
import { noNeeds } from './programTool.ts';

/** fsl_deface of FSL 6.0.1 and later, the method of UK Biobank: Alfaro-Almagro et al., NeuroImage 2018;166:400. */
export const fslDeface = {
  kind: 'program',
  makes: 'defacing',
  id: 'fsldeface',
  title: 'FSL deface',
  needsBrain: false,
  needsT1: true,
  licence: 'FSL: free for non-commercial use only',
  page: 'https://fsl.fmrib.ox.ac.uk',
  needs: {
    ...noNeeds,
    programs: ['fsl_deface', 'flirt', 'bet', 'robustfov'],
    folders: ['fsl'],
    mend: 'Install the whole of FSL 6.0.1 or later: https://fsl.fmrib.ox.ac.uk',
  },
  defaults: { betThreshold: 0.5, biasCorrection: false },
  command: ({ input, output, settings }) => ({
    file: 'fsl_deface',
    args: [
      input,
      output,
      '-d',
      'own_mask.nii.gz',
      '-f',
      String(settings.betThreshold),
      ...(settings.biasCorrection === true ? ['-B'] : []),
    ],
    env: { FSLOUTPUTTYPE: 'NIFTI_GZ' },
  }),
  progressOf: () => null,
  versionQuery: null,
  versionOf: () => null,
  produces: ['out.nii.gz', 'out.nii'],
  ownMask: { file: 'own_mask.nii.gz', one: 'unknown' },
  outcomeOf: (log) => (/Image Exception/i.test(log) ? 'registration-failed' : null),
  badVersions: [{ version: /^[0-5]\.|^6\.0\.0/, why: 'has no working fsl_deface' }],
  timeoutMs: 20 * 60_000,
  memoryMb: 5120,
  staged: 'exact',
  refaces: () => false,
  retries: [{ betThreshold: 0.35 }, { biasCorrection: true }],
} as const satisfies ProgramTool;
