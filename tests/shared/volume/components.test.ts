import { describe, expect, it } from 'vitest';
import {
  components,
  fillHoles,
  largestComponent,
  withoutSmallPieces,
} from '../../../src-shared/volume/components.ts';
import { countInside, type Mask } from '../../../src-shared/volume/volume.ts';
import { at, maskOf, randomNumbers, straight } from './makers.ts';

/** Flood fill, the slow and certain way. */
function flooded(mask: Mask, reach: 6 | 26): number[] {
  const [nx, ny, nz] = mask.shape;
  const labels = new Array<number>(mask.bits.length).fill(0);
  let next = 0;
  for (let seed = 0; seed < labels.length; seed++) {
    if (mask.bits[seed] === 0 || labels[seed] !== 0) continue;
    labels[seed] = ++next;
    const queue = [seed];
    for (let n = queue.pop(); n !== undefined; n = queue.pop()) {
      const [x, y, z] = [n % nx, Math.floor(n / nx) % ny, Math.floor(n / nx / ny)];
      for (let dz = -1; dz <= 1; dz++) {
        for (let dy = -1; dy <= 1; dy++) {
          for (let dx = -1; dx <= 1; dx++) {
            if (reach === 6 && Math.abs(dx) + Math.abs(dy) + Math.abs(dz) > 1) continue;
            const [a, b, c] = [x + dx, y + dy, z + dz];
            if (a < 0 || b < 0 || c < 0 || a >= nx || b >= ny || c >= nz) continue;
            const m = at(mask, a, b, c);
            if (mask.bits[m] === 1 && labels[m] === 0) {
              labels[m] = next;
              queue.push(m);
            }
          }
        }
      }
    }
  }
  return labels;
}

describe('connected pieces', () => {
  it.each([6, 26] as const)('are those of a flood fill with %i neighbours', (connectivity) => {
    for (let seed = 1; seed <= 12; seed++) {
      const random = randomNumbers(seed);
      const share = 0.1 + 0.04 * seed;
      const mask = maskOf([9, 8, 7], () => random() < share);
      const { labels, sizes } = components(mask, { connectivity });
      const truth = flooded(mask, connectivity);
      expect([...labels]).toEqual(truth);
      expect(sizes.length - 1).toBe(Math.max(...truth));
      expect(sizes.reduce((sum, n) => sum + n, 0)).toBe(countInside(mask.bits));
    }
  });

  it('keeps the largest of three', () => {
    const mask = maskOf([20, 5, 5], (x) => x < 3 || (x > 4 && x < 12) || x > 15);
    const kept = largestComponent(mask);
    expect(kept.bits).toEqual(maskOf([20, 5, 5], (x) => x > 4 && x < 12).bits);
  });

  it('leaves an empty mask empty', () => {
    expect(countInside(largestComponent(maskOf([4, 4, 4], () => false)).bits)).toBe(0);
  });

  it('drops pieces below a volume in ml', () => {
    const mask = maskOf([30, 10, 10], (x) => x < 10 || x === 20, straight(1, 1, 1));
    expect(countInside(withoutSmallPieces(mask, { leastMl: 0.5 }).bits)).toBe(1000);
    expect(countInside(withoutSmallPieces(mask, { leastMl: 0.1 }).bits)).toBe(1100);
  });
});

describe('holes', () => {
  it('fills a closed cavity and leaves one open that a passage leads into', () => {
    const shell = (open: boolean) =>
      maskOf([12, 12, 12], (x, y, z) => {
        const r = Math.max(Math.abs(x - 5.5), Math.abs(y - 5.5), Math.abs(z - 5.5));
        if (open && x < 5 && y === 6 && z === 6) return false;
        return r < 4.6 && r > 2;
      });
    expect(countInside(fillHoles(shell(false)).bits)).toBe(10 ** 3);
    expect(fillHoles(shell(true)).bits).toEqual(shell(true).bits);
  });

  it('takes a diagonal gap as closed, because only faces let through', () => {
    const mask = maskOf([5, 5, 3], (x, y, z) => !(x === 2 && y === 2 && z === 1) && !(x <= 1 && y <= 1));
    expect(fillHoles(mask).bits[at(mask, 2, 2, 1)]).toBe(1);
  });
});
