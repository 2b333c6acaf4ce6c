import { defaultBufferMm } from '../../src-shared/defacers/shear.ts';
import type { BuiltInTool } from './tool.ts';

/** The shearing plane; help/tools/quickshear-builtin.md. */
export const quickshearBuiltin = {
  kind: 'built-in',
  id: 'quickshear-builtin',
  title: 'Shearing plane',
  version: '1',
  needsBrain: true,
  needsT1: false,
  needsRegistration: false,
  defaults: { bufferMm: defaultBufferMm },
} as const satisfies BuiltInTool;
