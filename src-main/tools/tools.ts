import { facemaskBuiltin } from './facemaskBuiltin.ts';
import { quickshearBuiltin } from './quickshearBuiltin.ts';
import type { BuiltInTool } from './tool.ts';

/** The defacers that come with the program, in the order of tables. */
export const builtInTools = [quickshearBuiltin, facemaskBuiltin] as const satisfies readonly BuiltInTool[];
export type BuiltInId = (typeof builtInTools)[number]['id'];
