import { viewNames } from '../../src-shared/views/viewNames.ts';
import type { Engine } from './engine.ts';

/** Views drawn of both the original and the defacing, in their usual order. */
export function viewsBoth(
  { derived }: Engine,
  { scanId, defacingId }: { readonly scanId: string; readonly defacingId: string },
): string[] {
  const drawn = (owner: string): Set<string> =>
    new Set(derived.outputs(owner).map(({ path }) => path.split('/').at(-1) ?? ''));
  const original = drawn(`prepared ${scanId}`);
  const defaced = drawn(`measured ${defacingId}`);
  return viewNames.filter((view) => original.has(`${view}.png`) && defaced.has(`${view}.png`));
}
