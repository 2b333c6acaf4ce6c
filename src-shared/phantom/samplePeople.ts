import { seededRandom } from '../stats/random.ts';
import type { PhantomContrast } from './labels.ts';
import { phantomPerson } from './person.ts';
import type { PhantomHeadOptions } from './phantomHead.ts';

/** One scan of a sample study, ready for `phantomHead(options)` and for a BIDS name. */
export interface SampleScan {
  /** 'sub-01', 'sub-02', … */
  readonly subject: string;
  /** 'ses-1', 'ses-2'; absent where the person was scanned once. */
  readonly session: string | null;
  readonly contrast: PhantomContrast;
  readonly options: PhantomHeadOptions;
}

/**
 * Describes the scans of `n` invented people (1 to 999) for a demonstration study: T1w of everybody, T2w or FLAIR of some, in common
 * voxel sizes, a few with a second session, a cut field of view or a slanted grid. Pure data; throws RangeError.
 */
export function samplePeople(seed: number, n: number): SampleScan[] {
  if (!Number.isInteger(n) || n < 1 || n > 999) throw new RangeError('n must be 1 to 999.');
  const random = seededRandom(seed, 'sample people');
  const scans: SampleScan[] = [];
  for (let i = 0; i < n; i++) {
    const person = phantomPerson(random.nextUint32());
    const subject = `sub-${String(i + 1).padStart(n > 99 ? 3 : 2, '0')}`;
    const twice = i % 4 === 3;
    const contrasts: PhantomContrast[] =
      i % 3 === 1 ? ['T1w', 'T2w'] : i % 3 === 2 ? ['T1w', 'FLAIR'] : ['T1w'];
    for (let session = 1; session <= (twice ? 2 : 1); session++) {
      for (const contrast of session === 1 ? contrasts : contrasts.slice(0, 1)) {
        const thick: readonly [number, number, number] = contrast === 'T2w' ? [0.9, 0.9, 3] : [1, 1, 2];
        scans.push({
          subject,
          session: twice ? `ses-${session}` : null,
          contrast,
          options: {
            seed: random.nextUint32(),
            person,
            contrast,
            spacingMm: contrast === 'T1w' ? [1, 1.2, 1.5][i % 3] : thick,
            noise: random.uniform(0.012, 0.04),
            bias: random.uniform(0.05, 0.3),
            crop: { bottom: random.uniform(15, i % 5 === 4 ? 62 : 45), top: i % 7 === 6 ? 25 : 0 },
            orientation: ['RAS', 'LPS', 'PSR', 'LAS'][i % 4],
            obliqueDeg: i % 6 === 5 ? [12, 0, -4] : [0, 0, 0],
          },
        });
      }
    }
  }
  return scans;
}
