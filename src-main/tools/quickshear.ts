import type { ProgramTool } from './programTool.ts';
import { noNeeds } from './programTool.ts';

/** Schimke and Hale, "Quickshear defacing for neuroimages", USENIX HealthSec 2011. Its buffer counts voxels upwards. */
export const quickshear = {
  kind: 'program',
  makes: 'defacing',
  id: 'quickshear',
  title: 'Quickshear',
  needsBrain: true,
  needsT1: false,
  licence: 'BSD-3-Clause',
  page: 'https://github.com/nipy/quickshear',
  needs: { ...noNeeds, programs: ['quickshear'], brain: true, mend: 'pip install quickshear' },
  defaults: { bufferMm: 10 },
  command: ({ input, output, brain, settings, superiorSpacingMm }) => ({
    file: 'quickshear',
    args: [input, brain ?? 'brain.nii.gz', output, String(Number(settings.bufferMm) / superiorSpacingMm)],
    env: {},
  }),
  progressOf: () => null,
  versionQuery: {
    file: 'python3',
    args: ['-c', 'import importlib.metadata as m; print(m.version("quickshear"))'],
    env: {},
  },
  versionOf: (text) => /^(\d+[\w.]*)\s*$/m.exec(text)?.[1] ?? null,
  produces: ['out.nii.gz', 'out.nii'],
  ownMask: null,
  outcomeOf: () => null,
  badVersions: [],
  timeoutMs: 5 * 60_000,
  memoryMb: 1024,
  staged: 'exact',
  refaces: () => false,
  retries: [{ bufferMm: 5 }, { bufferMm: 2 }],
} as const satisfies ProgramTool;
