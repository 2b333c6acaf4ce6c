import { describe, expect, it } from 'vitest';
import { phantomHead } from '../../../src-shared/phantom/phantomHead.ts';
import { seededRandom } from '../../../src-shared/stats/random.ts';
import {
  anatomyFingerprint,
  type AnatomyFingerprint,
} from '../../../src-shared/suspects/anatomyFingerprint.ts';
import { nearDuplicates } from '../../../src-shared/suspects/nearDuplicates.ts';
import { blockMean } from '../../../src-shared/volume/downsample.ts';
import type { Volume } from '../../../src-shared/volume/volume.ts';
import { describeWithShared } from '../../fixtures/shared.ts';
import { defacedBy, flippedWorld, headOf, registered } from './prepare.ts';

const scan = (of: string, volume: Volume): { of: string; fingerprint: AnatomyFingerprint } => ({
  of,
  fingerprint: anatomyFingerprint(volume, registered(volume)),
});

const pairs = (scans: Parameters<typeof nearDuplicates<string>>[0]): string[] =>
  nearDuplicates(scans).map(
    ({ first, second, mirrored, suspicion }) =>
      `${suspicion.strength}: ${first}, ${second}${mirrored ? ' (mirrored)' : ''}`,
  );

describe('near-duplicates among drawn heads', () => {
  it('tells three people apart', () => {
    const people = [1, 2, 3].map((seed) => scan(`p${seed}`, phantomHead({ seed, spacingMm: 2 }).volume));
    expect(pairs(people)).toEqual([]);
  });

  it('finds a copy of another brightness', () => {
    const { volume } = phantomHead({ seed: 1, spacingMm: 2 });
    const brighter = { ...volume, values: volume.values.map((value) => 3 * value + 7) };
    expect(pairs([scan('a', volume), scan('b', brighter)])).toEqual(['likely: a, b']);
  });

  it('compares nothing across spaces, and an image without signal is like nothing', () => {
    const { volume } = phantomHead({ seed: 1, spacingMm: 3 });
    const empty = { ...volume, values: new Float32Array(volume.values.length) };
    const scans = [
      scan('a', volume),
      { of: 'b', fingerprint: anatomyFingerprint(volume) },
      { of: 'c', fingerprint: anatomyFingerprint(empty) },
      { of: 'd', fingerprint: anatomyFingerprint(empty) },
    ];
    expect(pairs(scans)).toEqual([]);
  });
});

describeWithShared('near-duplicates among real heads', () => {
  it('finds coarser, noisy, defaced and mirrored copies of one scan and no other person', async () => {
    const original = await headOf('flair_3d_1mm');
    const random = seededRandom(5, 'noise');
    const noisy = original.values.map((value) => 3.7 * value + 100 + random.uniform(-60, 60));
    const others = ['colin27_t1', 't1_defaced_studyforrest', 't1_fullhead_1p6mm', 't1_patient_upperface'];
    const scans = [
      scan('original', original),
      scan('coarser', blockMean(original, [2, 2, 2])),
      scan('noisy', { ...original, values: noisy }),
      scan('quickshear', await defacedBy('flair_3d_1mm', 'quickshear')),
      scan('niimath', await defacedBy('flair_3d_1mm', 'niimath')),
      scan('mirrored', flippedWorld(original, [-1, 1, 1])),
    ];
    for (const name of others) scans.push(scan(name, await headOf(name)));
    const found = pairs(scans);
    expect(found.filter((pair) => pair.startsWith('likely: original,'))).toEqual([
      'likely: original, coarser',
      'likely: original, noisy',
      'likely: original, quickshear',
      'likely: original, niimath',
      'likely: original, mirrored (mirrored)',
    ]);
    expect(found.filter((pair) => others.some((name) => pair.includes(name)))).toEqual([]);
  }, 60_000);

  it('calls one man scanned in two positions possible and no more', async () => {
    const scans = [
      scan('supine', await headOf('t1_2dsag_hfs')),
      scan('on his side', await headOf('t1_2dsag_hfdr_cutfov')),
    ];
    expect(pairs(scans)).toEqual(['possible: supine, on his side']);
  });
});
