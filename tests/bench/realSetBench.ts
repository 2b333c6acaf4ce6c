import { labelOf } from '../../src-shared/rating/verdict.ts';
import { faceRegions } from '../../src-shared/regions/faceRegion.ts';
import { hasShared, sharedPath } from '../fixtures/shared.ts';
import { balancedAccuracy, scoreRemovalTable } from './realSet.ts';

const goals = { clear: 0.97, all: 0.9, brainMl: 0.5 };

/**
 * Regions, brain loss and the verdict by the rule for each row of a table of removal masks, beside the verdict by eye.
 * `DEFACEQA_REMOVAL_TABLE` and `DEFACEQA_REMOVAL_HEADS` name another table and its heads. False where a goal is missed.
 */
export async function realSetBench(print: (line: string) => void = console.log): Promise<boolean> {
  const table = process.env.DEFACEQA_REMOVAL_TABLE ?? sharedPath('data', 'labels.tsv');
  if (process.env.DEFACEQA_REMOVAL_TABLE === undefined && !hasShared) {
    print('skipped: the reference heads in ../shared are not here');
    return true;
  }
  const rows = await scoreRemovalTable(table, process.env.DEFACEQA_REMOVAL_HEADS);
  print(`by eye / by regions; surviving %: ${faceRegions.join(', ')}`);
  const confusion = [0, 1, 2, 3].map(() => [0, 0, 0, 0]);
  let worst = 0;
  for (const { item, survival, features, verdict, brainMl } of rows) {
    const apart =
      item.verdict !== null &&
      verdict.verdict !== null &&
      labelOf(item.verdict, 'lenient') !== labelOf(verdict.verdict, 'lenient');
    const shares = faceRegions.map((region) => {
      const { surviving } = survival.regions[region];
      return (surviving === null ? '--' : (100 * surviving).toFixed(0)).padStart(3);
    });
    const open = [features.leftEye, features.rightEye].map((share) =>
      share === null ? '--' : (100 * share).toFixed(0),
    );
    print(
      `${apart ? '!' : ' '} ${item.verdict ?? 'x'}${item.borderline === null ? '  ' : `/${item.borderline}`} ${verdict.verdict ?? '-'} ${item.mask.padEnd(54)} ${shares.join(' ')}  open ${open.join(' ')}  brain ${brainMl.toFixed(1)} (${item.brainMl ?? '-'})  ${verdict.reason} | ${item.seen}`,
    );
    confusion[item.verdict ?? 0][verdict.verdict ?? 0]++;
    if (item.verdict !== null && item.brainMl !== null)
      worst = Math.max(worst, Math.abs(brainMl - item.brainMl));
  }
  const clear = rows.filter(({ item }) => item.borderline === null);
  const [allRows, clearRows] = [balancedAccuracy(rows), balancedAccuracy(clear)];
  print('\nby eye 1, 2, 3 by row; by regions 1, 2, 3, none by column');
  for (const eye of [1, 2, 3])
    print(`${eye}  ${[1, 2, 3, 0].map((mine) => String(confusion[eye][mine]).padStart(3)).join('')}`);
  print(
    `balanced accuracy, lenient: ${clearRows.toFixed(3)} without the borderline rows (goal ${goals.clear}), ${allRows.toFixed(3)} with them (goal ${goals.all})`,
  );
  print(`brain loss: at most ${worst.toFixed(2)} ml from the table's (goal ${goals.brainMl})`);
  return clearRows >= goals.clear && allRows >= goals.all && worst <= goals.brainMl;
}
