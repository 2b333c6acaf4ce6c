import { programTools } from './programTools.ts';
import { builtInTools } from './tools.ts';

/** Every defacer the product knows: its own first, then programs of others. */
export const allTools = [
  ...builtInTools,
  ...programTools.filter(({ makes }) => makes === 'defacing'),
] as const;
