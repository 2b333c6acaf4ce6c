import { join } from 'node:path';
import { practiceItem } from '../../../src-shared/rating/practiceItem.ts';
import { findHead } from '../../../src-shared/views/findHead.ts';
import { renderViews } from '../../../src-shared/views/renderViews.ts';
import { frameOf } from '../../../src-shared/views/viewFrame.ts';
import { viewNames } from '../../../src-shared/views/viewNames.ts';
import { encodePng } from '../../files/png.ts';
import { writeFileWhole } from '../../files/writeFile.ts';

export interface PracticeData {
  /** Where the files of this pair go. */
  readonly folder: string;
  readonly seed: number;
  readonly n: number;
  readonly coarser: number;
}

/** Makes one practice pair: five views of original and defacing; the truth comes last, so where it is all is. */
export async function practicePair({ folder, seed, n, coarser }: PracticeData): Promise<null> {
  const { original, defaced, truth } = practiceItem(seed, n, coarser);
  const frame = frameOf(findHead(original));
  for (const [side, volume] of [
    ['original', original],
    ['defaced', defaced],
  ] as const) {
    const views = renderViews(volume, frame);
    for (const view of viewNames)
      await writeFileWhole(join(folder, side, `${view}.png`), encodePng(views[view]));
  }
  await writeFileWhole(join(folder, 'truth.json'), JSON.stringify(truth, null, 2));
  return null;
}
