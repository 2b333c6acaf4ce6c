import { afniRefacer } from './afniRefacer.ts';
import { bet } from './bet.ts';
import { deepbet } from './deepbet.ts';
import { fslDeface } from './fslDeface.ts';
import { mideface } from './mideface.ts';
import { mriDeface } from './mriDeface.ts';
import { niimath } from './niimath.ts';
import type { ProgramTool } from './programTool.ts';
import { pydeface } from './pydeface.ts';
import { quickshear } from './quickshear.ts';

/** Every program the product can start on a scan. Adding one is adding a file, a line here and a help page. */
export const programTools: readonly ProgramTool[] = [
  pydeface,
  quickshear,
  fslDeface,
  mriDeface,
  niimath,
  mideface,
  afniRefacer,
  bet,
  deepbet,
];
