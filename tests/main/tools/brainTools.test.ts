import { describe, expect, it } from 'vitest';
import { bet } from '../../../src-main/tools/bet.ts';
import { deepbet } from '../../../src-main/tools/deepbet.ts';
import type { ProgramTool } from '../../../src-main/tools/programTool.ts';
import { runStandIn, head, standInFolder } from './standIn.ts';

/** deepbet is started through its Python, which is found beside it. */
const tools: readonly (readonly [string, ProgramTool, readonly string[]])[] = [
  ['bet', bet, ['bet']],
  ['deepbet', deepbet, ['deepbet-cli', 'python3']],
];

describe.each(tools)('%s', (_, tool, names) => {
  const run = (behaviour: string) =>
    runStandIn(tool, behaviour, {
      places: { searchFolders: [standInFolder(behaviour, names)], fslFolder: '/nowhere' },
    });

  it('leaves a brain mask, which comes back on the grid of the scan', async () => {
    const { outcome, mask } = await run('makes a brain mask');
    expect(outcome).toBe('done');
    expect(mask).toMatchObject({ shape: head.shape, affine: head.affine });
    const share = (mask?.bits.reduce((sum, bit) => sum + bit, 0) ?? 0) / head.values.length;
    expect(share).toBeCloseTo(2 / 3, 1);
  });

  it.each([
    ['makes an empty brain mask', 'output-missing'],
    ['exit 0 without output', 'output-missing'],
    ['is killed', 'killed'],
  ])('that %s ends as %s', async (behaviour, outcome) => {
    expect((await run(behaviour)).outcome).toBe(outcome);
  });
});
