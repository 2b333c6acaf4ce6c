import { dirname, join } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import { removalTable, type RemovalRow } from '../../src-shared/domain/removalTable.ts';
import { extremes } from '../../src-shared/volume/otsu.ts';
import type { Mask, Volume } from '../../src-shared/volume/volume.ts';
import { readBytes } from './readBytes.ts';
import { readMask } from './readVolume.ts';

export interface RemovalItem extends RemovalRow {
  readonly headPath: string;
  readonly maskPath: string;
}

/**
 * The rows of a table of removal masks with the files they name. Masks lie relative to the table, heads as
 * `<head>.nii.gz` in `headsFolder`, by default `heads` beside the table. Throws `table-unusable` and those of `readBytes`.
 */
export async function readRemovalTable(path: string, headsFolder?: string): Promise<RemovalItem[]> {
  const folder = dirname(path);
  const rows = removalTable(new TextDecoder().decode(await readBytes(path)));
  if (rows.length === 0) throw new AppError('table-unusable', 'The table has no rows below its header.');
  return rows.map((row) => ({
    ...row,
    headPath: join(headsFolder ?? join(folder, 'heads'), `${row.head}.nii.gz`),
    maskPath: join(folder, row.mask),
  }));
}

/** The head with what the mask removes set to its darkest value, as a defacing. Throws `mask-wrong-grid`. */
export async function applyRemovalMask(
  original: Volume,
  maskPath: string,
): Promise<{ defaced: Volume; removal: Mask }> {
  const removal = await readMask(maskPath, original);
  const [darkest] = extremes(original.values);
  const values = original.values.slice();
  for (let n = 0; n < values.length; n++) if (removal.bits[n] === 1) values[n] = Math.max(0, darkest);
  return { defaced: { ...original, values }, removal };
}
