import type { ProgramTool } from './programTool.ts';
import { noNeeds } from './programTool.ts';

/** Fisch et al., "deepbet: Fast brain extraction of T1-weighted MRI", Computers in Biology and Medicine 2024;179:108845. */
export const deepbet = {
  kind: 'program',
  makes: 'brain-mask',
  id: 'deepbet',
  title: 'deepbet',
  needsBrain: false,
  needsT1: false,
  licence: 'MIT',
  page: 'https://github.com/wwu-mmll/deepbet',
  needs: { ...noNeeds, programs: ['deepbet-cli'], mend: 'pip install deepbet' },
  defaults: { threshold: 0.5 },
  command: ({ input, settings }) => ({
    file: 'python3',
    args: [
      '-c',
      'import sys; from deepbet import run_bet; run_bet([sys.argv[1]], ["brain_out.nii.gz"], ["brain_out_mask.nii.gz"], ["tiv.csv"], threshold=float(sys.argv[2]), n_dilate=0, no_gpu=True)',
      input,
      String(settings.threshold),
    ],
    env: {},
  }),
  progressOf: () => null,
  versionQuery: {
    file: 'python3',
    args: ['-c', 'import importlib.metadata as m; print(m.version("deepbet"))'],
    env: {},
  },
  versionOf: (text) => /^(\d+[\w.]*)\s*$/m.exec(text)?.[1] ?? null,
  produces: ['brain_out_mask.nii.gz'],
  ownMask: null,
  outcomeOf: () => null,
  badVersions: [],
  timeoutMs: 10 * 60_000,
  memoryMb: 4096,
  staged: 'exact',
  refaces: () => false,
  retries: [],
} as const satisfies ProgramTool;
