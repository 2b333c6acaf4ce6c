import { beforeEach, expect, it } from 'vitest';
import { Keys, keyOf } from '../../src-renderer/state/Keys.svelte.ts';

const titles = { next: 'Next', previous: 'Previous' };
const shipped = { next: 'n', previous: 'p' };
const press = (init: KeyboardEventInit): KeyboardEvent => new KeyboardEvent('keydown', init);
beforeEach(() => localStorage.clear());

it('names keys as people do, the command key of a Mac like Ctrl', () => {
  expect(keyOf(press({ key: 'N' }))).toBe('n');
  expect(keyOf(press({ key: 'k', metaKey: true }))).toBe('Ctrl+k');
  expect(keyOf(press({ key: ' ', code: 'Space' }))).toBe('Space');
});

it('changes a key, remembers it, tells one that is taken, and goes back', () => {
  const keys = new Keys('test keys', titles, shipped);
  keys.set('next', 'm');
  const later = new Keys('test keys', titles, shipped);
  expect(later.matches(press({ key: 'm' }), 'next')).toBe(true);
  expect(later.matches(press({ key: 'n' }), 'next')).toBe(false);
  expect(later.takenBy('p', 'next')).toBe('previous');
  later.reset('next');
  expect(later.of('next')).toBe('n');
});

it('is as shipped where what was kept says nothing', () => {
  localStorage.setItem('test keys', '{"next": 7, "other": "x"');
  expect(new Keys('test keys', titles, shipped).of('next')).toBe('n');
});
