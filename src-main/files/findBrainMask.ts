import { access } from 'node:fs/promises';
import { stemOf } from '../../src-shared/domain/scanIdentity.ts';

/**
 * A brain mask someone made before: `desc-brain_mask` in place of, or after, the last part of the scan's name, beside it.
 * null where there is none.
 */
export async function findBrainMask(scanPath: string): Promise<string | null> {
  const stem = stemOf(scanPath);
  const withoutSuffix = stem.replace(/_[A-Za-z0-9]+$/, '');
  for (const base of [stem, withoutSuffix]) {
    for (const ending of ['.nii.gz', '.nii']) {
      const path = `${base}_desc-brain_mask${ending}`;
      if (
        await access(path).then(
          () => true,
          () => false,
        )
      ) {
        return path;
      }
    }
  }
  return null;
}
