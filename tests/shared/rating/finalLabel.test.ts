import { describe, expect, it } from 'vitest';
import { finalLabel, isDisputed, type StandingVerdict } from '../../../src-shared/rating/finalLabel.ts';
import { incomplete, labelOf, type Look, type Verdict } from '../../../src-shared/rating/verdict.ts';

const gave = (verdict: Verdict): StandingVerdict => ({ verdict, exclusion: null });
const excluded: StandingVerdict = { verdict: null, exclusion: 'incomplete-head' };
const standing = (
  first: StandingVerdict | null,
  second: StandingVerdict | null,
  third: StandingVerdict | null = null,
  consensus: StandingVerdict | null = null,
) => ({ primary: [first, second] as const, third, consensus });

it('reads three verdicts under two criteria', () => {
  expect([1, 2, 3].map((verdict) => labelOf(verdict as Verdict, 'strict'))).toEqual([0, 1, 1]);
  expect([1, 2, 3].map((verdict) => labelOf(verdict as Verdict, 'lenient'))).toEqual([0, 0, 1]);
});

describe('a final label', () => {
  it('waits for both primary raters', () => {
    expect(finalLabel(standing(gave(1), null), 'strict')).toEqual({ state: 'open', waitsFor: 'primary' });
  });

  it('is what both say, even where they agree under one criterion only', () => {
    expect(finalLabel(standing(gave(2), gave(3)), 'strict')).toEqual({
      state: 'final',
      label: 1,
      by: 'agreement',
    });
    expect(finalLabel(standing(gave(2), gave(3)), 'lenient')).toEqual({ state: 'open', waitsFor: 'third' });
    expect(isDisputed(standing(gave(1), gave(2)), 'strict')).toBe(true);
    expect(isDisputed(standing(gave(1), gave(2)), 'lenient')).toBe(false);
  });

  it('goes with the majority of three', () => {
    expect(finalLabel(standing(gave(2), gave(3), gave(1)), 'lenient')).toEqual({
      state: 'final',
      label: 0,
      by: 'majority',
    });
    expect(finalLabel(standing(gave(2), gave(3), gave(3)), 'lenient')).toEqual({
      state: 'final',
      label: 1,
      by: 'majority',
    });
  });

  it('needs consensus where three say three things', () => {
    const split = standing(gave(1), gave(3), excluded);
    expect(finalLabel(split, 'lenient')).toEqual({ state: 'open', waitsFor: 'consensus' });
    expect(finalLabel({ ...split, consensus: gave(3) }, 'lenient')).toEqual({
      state: 'final',
      label: 1,
      by: 'consensus',
    });
  });

  it('can be an exclusion', () => {
    expect(finalLabel(standing(excluded, excluded), 'strict')).toEqual({
      state: 'excluded',
      reason: 'incomplete-head',
      by: 'agreement',
    });
    expect(finalLabel(standing(gave(1), excluded, excluded), 'strict')).toMatchObject({
      state: 'excluded',
      by: 'majority',
    });
  });
});

describe('a look', () => {
  const look: Look = {
    verdict: 1,
    exclusion: null,
    remains: [],
    brainCut: false,
    note: '',
    confidence: null,
  };

  it('is complete with a pass, and with a fail that says what remains', () => {
    expect(incomplete(look)).toBeNull();
    expect(incomplete({ ...look, verdict: 2, remains: ['nose'] })).toBeNull();
    expect(incomplete({ ...look, verdict: 3, remains: ['eyes'] })).toBeNull();
    expect(incomplete({ ...look, verdict: null, exclusion: 'already-defaced' })).toBeNull();
  });

  it('is not complete without a verdict, a reason for a 3, or a note for "other"', () => {
    expect(incomplete({ ...look, verdict: null })).toMatch(/Choose/);
    expect(incomplete({ ...look, verdict: 3 })).toMatch(/remains/);
    expect(incomplete({ ...look, remains: ['eyes'] })).toMatch(/strict/);
    expect(incomplete({ ...look, exclusion: 'other' })).toMatch(/not both/);
    expect(incomplete({ ...look, verdict: null, exclusion: 'other' })).toMatch(/note/);
  });
});
