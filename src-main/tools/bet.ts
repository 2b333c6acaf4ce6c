import type { ProgramTool } from './programTool.ts';
import { noNeeds } from './programTool.ts';

/** Smith, "Fast robust automated brain extraction", Human Brain Mapping 2002;17:143. */
export const bet = {
  kind: 'program',
  makes: 'brain-mask',
  id: 'bet',
  title: 'FSL BET',
  needsBrain: false,
  needsT1: false,
  licence: 'FSL: free for non-commercial use only',
  page: 'https://fsl.fmrib.ox.ac.uk',
  needs: { ...noNeeds, programs: ['bet'], folders: ['fsl'], mend: 'Install FSL: https://fsl.fmrib.ox.ac.uk' },
  defaults: { threshold: 0.5, robustCentre: true },
  command: ({ input, settings }) => ({
    file: 'bet',
    args: [
      input,
      'brain_out',
      '-m',
      '-f',
      String(settings.threshold),
      ...(settings.robustCentre === true ? ['-R'] : []),
    ],
    env: { FSLOUTPUTTYPE: 'NIFTI_GZ' },
  }),
  progressOf: () => null,
  versionQuery: null,
  versionOf: () => null,
  produces: ['brain_out_mask.nii.gz'],
  ownMask: null,
  outcomeOf: () => null,
  badVersions: [],
  timeoutMs: 10 * 60_000,
  memoryMb: 1024,
  staged: 'exact',
  refaces: () => false,
  retries: [{ threshold: 0.35 }],
} as const satisfies ProgramTool;
