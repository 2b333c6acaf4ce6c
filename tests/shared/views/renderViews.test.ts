import { describe, expect, it } from 'vitest';
import { findHead } from '../../../src-shared/views/findHead.ts';
import { pixelMm, renderViews, viewSide } from '../../../src-shared/views/renderViews.ts';
import { frameOf } from '../../../src-shared/views/viewFrame.ts';
import { viewNames } from '../../../src-shared/views/viewNames.ts';
import { affineOf } from '../../../src-shared/volume/affine.ts';
import { volumeFromCanonical } from '../../../src-shared/volume/canonical.ts';
import type { Grid, Volume } from '../../../src-shared/volume/volume.ts';
import { seededRandom } from '../../../src-shared/stats/random.ts';

/** A ball of radius 60 mm at the origin with a nose in front and a knob on the subject's left; a cavity in the middle. */
function ballHead({ airNoise = 0, sliceMm = 2 }: { airNoise?: number; sliceMm?: number } = {}): Volume {
  const count = Math.round(160 / sliceMm);
  const shape = [count, 80, 80] as const;
  const origin = -((count - 1) * sliceMm) / 2;
  const values = new Float32Array(shape[0] * 6400);
  const random = seededRandom(5);
  for (let k = 0, n = 0; k < 80; k++) {
    for (let j = 0; j < 80; j++) {
      for (let i = 0; i < shape[0]; i++, n++) {
        const [x, y, z] = [origin + i * sliceMm, -79 + j * 2, -79 + k * 2];
        const near = (cx: number, cy: number, r: number): boolean =>
          (x - cx) * (x - cx) + (y - cy) * (y - cy) + z * z < r * r;
        const inside = (near(0, 0, 60) && !near(0, 0, 20)) || near(0, 62, 10) || near(-60, 0, 10);
        values[n] = inside ? 100 : airNoise * random.next();
      }
    }
  }
  return { shape, affine: affineOf([sliceMm, 0, 0, origin, 0, 2, 0, -79, 0, 0, 2, -79]), values };
}

const head = ballHead();
const frame = frameOf(findHead(head));
const views = renderViews(head, frame);
const lit = (pixels: Uint8Array, u: number, v: number): boolean => pixels[u + viewSide * v] > 0;
/** Black pixels at both ends of a row. */
function margins(pixels: Uint8Array, row: number): { left: number; right: number } {
  const line = pixels.subarray(row * viewSide, (row + 1) * viewSide);
  return {
    left: line.findIndex((grey) => grey > 0),
    right: viewSide - 1 - line.findLastIndex((grey) => grey > 0),
  };
}
/** The pixel where a point `acrossMm` to the right of the picture's centre and `upMm` above it falls. */
const pixelAt = (acrossMm: number, upMm: number): [number, number] => {
  const mm = pixelMm(frame);
  return [Math.floor(viewSide / 2 + acrossMm / mm), Math.floor(viewSide / 2 - upMm / mm)];
};
const centre = [0, 1].map((axis) => (frame.minMm[axis] + frame.maxMm[axis]) / 2);

describe('findHead', () => {
  it('fills the cavity and keeps the ball', () => {
    const { mask, closed, source } = findHead(head);
    expect(closed).toBe(true);
    expect(source).toBe('fixed');
    expect(mask.bits[40 + 80 * (40 + 80 * 40)]).toBe(1);
    expect(mask.bits[2]).toBe(0);
  });

  it('does not take noise in the air for skin, and says that it chose another level', () => {
    const noisy = findHead(ballHead({ airNoise: 12 }));
    expect(noisy.closed).toBe(true);
    expect(noisy.source).toBe('automatic');
    const clean = findHead(head).mask.bits.reduce((sum, bit) => sum + bit, 0);
    const found = noisy.mask.bits.reduce((sum, bit) => sum + bit, 0);
    expect(Math.abs(found - clean) / clean).toBeLessThan(0.06);
  });

  it('finds no head where there is no signal', () => {
    const flat = { ...head, values: new Float32Array(head.values.length) };
    const nothing = findHead(flat);
    expect(nothing.closed).toBe(false);
    expect(nothing.mask.bits.includes(1)).toBe(false);
    const drawn = renderViews(flat, frameOf(nothing));
    for (const name of viewNames) expect(drawn[name].pixels.some((grey) => grey !== 0)).toBe(false);
  });
});

describe('renderViews', () => {
  it('puts the nose at the left edge of the left view and at the right edge of the right view', () => {
    const [tip, row] = pixelAt(-(70 - centre[1]), 0);
    expect(lit(views.left.pixels, tip, row)).toBe(true);
    expect(lit(views.right.pixels, viewSide - 1 - tip, row)).toBe(true);
    // Above the nose the ball leaves more room on the side of the nose.
    const above = pixelAt(0, 25)[1];
    const nose = margins(views.left.pixels, above);
    expect(nose.left - nose.right).toBeGreaterThan(5 / pixelMm(frame));
    expect(margins(views.right.pixels, above)).toEqual({ left: nose.right, right: nose.left });
  });

  it("shows the subject's left at the right of the front view", () => {
    const [knob, row] = pixelAt(67 + centre[0], 0);
    expect(lit(views.front.pixels, knob, row)).toBe(true);
    const { left, right } = margins(views.front.pixels, pixelAt(0, 25)[1]);
    expect(right - left).toBeGreaterThan(5 / pixelMm(frame));
  });

  it('lights what faces the viewer and darkens towards the edge', () => {
    const at = ([u, v]: [number, number]): number => views.right.pixels[u + viewSide * v];
    expect(at(pixelAt(-centre[1], 0))).toBeGreaterThan(245);
    expect(at(pixelAt(-centre[1], 30))).toBeGreaterThan(at(pixelAt(-centre[1], 50)));
    expect(at(pixelAt(-centre[1], 30)) / 255).toBeCloseTo(0.07 + 0.93 * Math.sqrt(0.75), 1);
  });

  it('draws the same bytes however the voxels are stored', () => {
    const [nx, ny, nz] = head.shape;
    const m = head.affine;
    // Stored as posterior, superior, right to left: y down first, then z, then x reversed.
    const stored: Grid = {
      shape: [ny, nz, nx],
      affine: affineOf([0, 0, -2, m[3] + 2 * (nx - 1), -2, 0, 0, m[7] + 2 * (ny - 1), 0, 2, 0, m[11]]),
    };
    const other = volumeFromCanonical(head, stored);
    const drawn = renderViews(other, frameOf(findHead(other)));
    for (const name of viewNames) expect(drawn[name].pixels).toEqual(views[name].pixels);
  });

  it('draws a thick-sliced ball nearly as smooth as a fine one', () => {
    const thick = ballHead({ sliceMm: 5 });
    const drawn = renderViews(thick, frame);
    let sum = 0;
    for (let n = 0; n < drawn.front.pixels.length; n++) {
      sum += Math.abs(drawn.front.pixels[n] - views.front.pixels[n]);
    }
    expect(sum / drawn.front.pixels.length).toBeLessThan(9);
  });

  it("keeps the original's place and scale when the nose is gone", () => {
    const values = head.values.slice();
    for (let n = 0; n < values.length; n++) if (Math.floor(n / 80) % 80 > 67) values[n] = 0;
    const without = renderViews({ ...head, values }, frame);
    const [left, row] = pixelAt(-(68 - centre[1]), 0);
    expect(lit(without.left.pixels, left, row)).toBe(false);
    expect(without.left.pixels.subarray(0, viewSide * 150)).toEqual(
      views.left.pixels.subarray(0, viewSide * 150),
    );
  });
});
