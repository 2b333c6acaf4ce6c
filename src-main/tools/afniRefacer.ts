import type { ProgramTool } from './programTool.ts';
import { noNeeds } from './programTool.ts';

/** AFNI's refacer: the face is replaced by an average one (`reface`, with ears and skull `reface_plus`) or taken away (`deface`). */
export const afniRefacer = {
  kind: 'program',
  makes: 'defacing',
  id: 'afni-refacer',
  title: 'AFNI refacer',
  needsBrain: false,
  needsT1: true,
  licence: 'US-government work, public domain',
  page: 'https://afni.nimh.nih.gov',
  needs: {
    ...noNeeds,
    programs: ['@afni_refacer_run', 'tcsh'],
    mend: 'Install AFNI: https://afni.nimh.nih.gov',
  },
  defaults: { mode: 'reface' },
  command: ({ input, output, settings }) => ({
    file: '@afni_refacer_run',
    args: ['-input', input, `-mode_${String(settings.mode)}`, '-prefix', output, '-no_images'],
    env: {},
  }),
  progressOf: () => null,
  versionQuery: { file: '@afni_refacer_run', args: ['-ver'], env: {} },
  versionOf: (text) => /(\d+\.\d+)/.exec(text)?.[1] ?? null,
  produces: ['out.nii.gz', 'out.nii'],
  ownMask: null,
  outcomeOf: () => null,
  badVersions: [],
  timeoutMs: 30 * 60_000,
  memoryMb: 4096,
  staged: 'exact',
  refaces: ({ mode }) => mode !== 'deface',
  retries: [],
} as const satisfies ProgramTool;
