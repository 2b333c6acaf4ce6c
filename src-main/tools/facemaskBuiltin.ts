import { defaultFacemask } from '../../src-shared/defacers/facemask.ts';
import type { BuiltInTool } from './tool.ts';

/** The face of the registered template; help/tools/facemask-builtin.md. */
export const facemaskBuiltin = {
  kind: 'built-in',
  id: 'facemask-builtin',
  title: 'Template face',
  version: '1',
  needsBrain: false,
  needsT1: false,
  needsRegistration: true,
  defaults: { ...defaultFacemask },
} as const satisfies BuiltInTool;
