import { expect, it } from 'vitest';
import type { Registration } from '../../../src-shared/registration/registerToTemplate.ts';
import { brainLossPlaces } from '../../../src-shared/regions/brainLossPlaces.ts';
import { affineOf, identityMatrix, worldTransformOf } from '../../../src-shared/volume/affine.ts';
import type { Mask } from '../../../src-shared/volume/volume.ts';

const shape = [40, 50, 40] as const;
const affine = affineOf([4, 0, 0, -80, 0, 4, 0, -110, 0, 0, 4, -70]);
const brain: Mask = { shape, affine, bits: new Uint8Array(80000).fill(1) };
const registration = { templateToScan: worldTransformOf(identityMatrix) } as Registration;

/** The loss of a ball of 10 mm about a place in MNI-like mm. */
function lossAt(x: number, y: number, z: number) {
  return brainLossPlaces(brain, registration, (n) => {
    const [i, j, k] = [n % 40, Math.floor(n / 40) % 50, Math.floor(n / 2000)];
    return Math.hypot(4 * i - 80 - x, 4 * j - 110 - y, 4 * k - 70 - z) < 10;
  });
}

it.each([
  ['frontal', 20, 55, 5],
  ['frontal', -35, 10, 45],
  ['temporal', 50, -10, -22],
  ['temporal', -40, 12, -30],
  ['cerebellum', 20, -62, -35],
  ['cerebellum', 0, -28, -38],
  ['other', 10, -85, 10],
  ['other', -30, -55, 50],
] as const)('brain lost at a place in the %s part is counted there', (place, x, y, z) => {
  const loss = lossAt(x, y, z);
  const whole = Object.values(loss).reduce((sum, ml) => sum + ml, 0);
  expect(whole).toBeGreaterThan(3);
  expect(loss[place] / whole).toBeGreaterThan(0.9);
});
