import { describe, expect, it } from 'vitest';
import { RatingLook } from '../../../src-renderer/state/RatingLook.svelte.ts';
import { ratingKeys, type RatingAction } from '../../../src-renderer/state/ratingKeys.ts';
import { remains } from '../../../src-shared/rating/verdict.ts';

/** Presses keys as a rater would; digits go to the open reasons first. */
function press(look: RatingLook, ...pressed: readonly string[]): void {
  for (const key of pressed) {
    if (look.pressExclusion(key)) continue;
    const action = ratingKeys.actionOf(new KeyboardEvent('keydown', { key }));
    if (action !== null) look.press(action);
  }
}
const given = (...keys: readonly string[]): RatingLook => {
  const look = new RatingLook();
  press(look, ...keys);
  return look;
};

describe('a look being given', () => {
  it('has nothing chosen beforehand, and cannot be committed', () => {
    const look = new RatingLook();
    expect(look.value).toEqual({
      verdict: null,
      exclusion: null,
      remains: [],
      brainCut: false,
      note: '',
      confidence: null,
    });
    expect(look.untouched).toBe(true);
    expect(look.missing).toBe('Choose 1, 2 or 3.');
  });

  it('takes a verdict by one digit, which never takes it back', () => {
    for (const [key, verdict] of [
      ['1', 1],
      ['2', 2],
      ['3', 3],
    ] as const) {
      expect(given(key).verdict).toBe(verdict);
      expect(given(key, key).verdict).toBe(verdict);
    }
    expect(given('1', '3', '2').verdict).toBe(2);
  });

  it('is complete with 1 or 2 alone, with 3 only when it is said what remains', () => {
    expect(given('1').missing).toBeNull();
    expect(given('2').missing).toBeNull();
    expect(given('3').missing).toBe('Say what remains of the face.');
    expect(given('3', 'b').missing).toBe('Say what remains of the face.');
    expect(given('3', 'e').missing).toBeNull();
  });

  it('toggles each feature by its letter', () => {
    const letters = { eyes: 'e', nose: 'n', mouth: 'm', cheeks: 'c', jaw: 'j', forehead: 'f', ears: 'r' };
    for (const feature of remains) {
      expect(given('3', letters[feature]).remains).toEqual([feature]);
      expect(given('3', letters[feature], letters[feature]).remains).toEqual([]);
    }
    expect(given('e', 'n', '3').remains).toEqual(['eyes', 'nose']);
  });

  it('forgets what remains when a pass is chosen, but not whether the brain is cut', () => {
    expect(given('3', 'e', 'b', '1').value).toMatchObject({ verdict: 1, remains: [], brainCut: true });
    expect(given('3', 'e', '2').remains).toEqual([]);
  });

  it('lets a lenient pass say which trace is left, and a strict one nothing', () => {
    expect(given('2', 'n').value).toMatchObject({ verdict: 2, remains: ['nose'] });
    const strict = given('1', 'n');
    expect(strict.remains).toEqual([]);
    expect(strict.said).toContain('leaves nothing');
  });

  it('excludes the original with a reason: x opens the reasons, a digit chooses, no verdict stays', () => {
    const look = given('3', 'e', 'x');
    expect(look.choosingExclusion).toBe(true);
    press(look, '2');
    expect(look.value).toMatchObject({ exclusion: 'incomplete-head', verdict: null, remains: [] });
    expect(look.missing).toBeNull();
    expect(given('x', '4').missing).toContain('note');
  });

  it('leaves the reasons by Escape or x, and then digits are verdicts again', () => {
    expect(given('x', 'Escape', '1').value).toMatchObject({ exclusion: null, verdict: 1 });
    expect(given('x', 'x', '1').value).toMatchObject({ exclusion: null, verdict: 1 });
  });

  it('is rated after all when a verdict follows an exclusion', () => {
    expect(given('x', '1', '3', 'n').value).toMatchObject({ exclusion: null, verdict: 3, remains: ['nose'] });
    expect(given('x', '1', 'n').remains).toEqual([]);
  });

  it('goes through how sure, and back to not said', () => {
    expect(given('q').confidence).toBe(1);
    expect(given('q', 'q', 'q').confidence).toBe(3);
    expect(given('q', 'q', 'q', 'q').confidence).toBeNull();
  });

  it('says in words what every key did', () => {
    const look = new RatingLook();
    const said = (key: string): string => {
      press(look, key);
      return look.said;
    };
    expect(said('3')).toBe('3: Insufficient.');
    expect(said('e')).toBe('Remains: Eyes.');
    expect(said('b')).toBe('Brain cut.');
    expect(said('b')).toBe('Brain intact.');
    expect(said('q')).toBe('Confidence: Unsure.');
  });

  it('leaves keys that are not of the look to the room', () => {
    const look = new RatingLook();
    const others: readonly RatingAction[] = ['commit', 'back', 'undo', 'later', 'tired', 'slices', 'note'];
    for (const action of others) expect(look.press(action)).toBe(false);
    expect(look.untouched).toBe(true);
  });

  it('begins again from a look given before', () => {
    const look = given('3', 'e', 'x');
    look.begin({ ...given('2', 'n', 'q').value, note: 'tip of the nose' });
    expect(look.value).toMatchObject({
      verdict: 2,
      remains: ['nose'],
      confidence: 1,
      note: 'tip of the nose',
    });
    expect(look.choosingExclusion).toBe(false);
    look.begin(null);
    expect(look.untouched).toBe(true);
  });
});

describe('keys of the rating room', () => {
  it('are all different as shipped, can be changed, are remembered and reset', () => {
    const all = ratingKeys.actions.map((action) => ratingKeys.of(action));
    expect(new Set(all).size).toBe(all.length);
    ratingKeys.set('eyes', 'y');
    expect(given('3', 'y').remains).toEqual(['eyes']);
    expect(given('3', 'e').remains).toEqual([]);
    expect(JSON.parse(localStorage.getItem('rating-keys') ?? '')).toEqual({ eyes: 'y' });
    expect(ratingKeys.takenBy('y', 'nose')).toBe('eyes');
    ratingKeys.reset('eyes');
    expect(given('3', 'e').remains).toEqual(['eyes']);
  });
});
