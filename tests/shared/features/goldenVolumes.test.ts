import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readMask, readVolume } from '../../../src-main/files/readVolume.ts';
import { readingOf, readings, volumetricCounts } from '../../../src-shared/features/volumetricCounts.ts';
import { describeWithShared, hasShared, sharedPath } from '../../fixtures/shared.ts';

interface Case {
  readonly id: string;
  readonly files: Readonly<Record<'original' | 'defaced' | 'brain', string>>;
  readonly expected_primary: Readonly<Record<string, number | null>>;
  readonly expected_by_reading: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
}

const path = (name: string): string => sharedPath('golden', 'volumetric', name);
const cases = hasShared
  ? (JSON.parse(readFileSync(path('golden.json'), 'utf8')) as { cases: Case[] }).cases
  : [];

describeWithShared('the volumetric counts reproduce the reference values in every reading', () => {
  it.each(cases.map((one) => [one.id, one] as const))('on %s', async (_, one) => {
    const original = await readVolume(path(one.files.original));
    const defaced = await readVolume(path(one.files.defaced));
    const brain = await readMask(path(one.files.brain));
    expect(Object.keys(one.expected_by_reading).sort()).toEqual([...readings].sort());
    for (const reading of readings) {
      const found = readingOf(volumetricCounts({ original, defaced, brain }, reading));
      for (const [key, value] of Object.entries(one.expected_by_reading[reading])) {
        if (value === null) expect(found[key], `${reading} ${key}`).toBeNull();
        else expect(found[key], `${reading} ${key}`).toBeCloseTo(value, 10);
      }
    }
    expect(readingOf(volumetricCounts({ original, defaced, brain }))).toEqual(one.expected_primary);
  });
});
