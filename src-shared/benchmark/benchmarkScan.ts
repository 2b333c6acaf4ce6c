import { phantomLabels } from '../phantom/labels.ts';
import { phantomHead, type PhantomHead } from '../phantom/phantomHead.ts';
import { seededRandom } from '../stats/random.ts';
import { spacingOf } from '../volume/affine.ts';
import type { Mask } from '../volume/volume.ts';
import type { BenchmarkScan } from './benchmarkPlan.ts';
import { trueBrain } from './mechanisms.ts';
import { skinSurfaceOf, type SkinSurface } from './skinSurface.ts';

/** A scan of the study with everything its truth rests on. */
export interface BenchmarkHead extends PhantomHead {
  readonly brain: Mask;
  readonly surface: SkinSurface;
}

/** The scan that a line of the plan describes. The same line gives the same bytes. */
export function benchmarkScan(scan: BenchmarkScan): BenchmarkHead {
  const head = phantomHead(scan.options);
  if (scan.lesions > 0) addLesions(head, scan);
  if (scan.ghost > 0) addGhost(head, scan.ghost);
  return { ...head, brain: trueBrain(head), surface: skinSurfaceOf(head) };
}

/** Balls of 2 to 7 mm in the white matter, bright on FLAIR and dark on T1w, with soft edges. In place. */
function addLesions({ volume, labels }: PhantomHead, { lesions, options, contrast }: BenchmarkScan): void {
  const random = seededRandom(options.seed, 'lesions');
  const { shape, values } = volume;
  const [nx, ny, nz] = shape;
  const white: number[] = [];
  for (let n = 0; n < labels.labels.length; n++) if (labels.labels[n] === phantomLabels.white) white.push(n);
  if (white.length === 0) return;
  const gain = contrast === 'FLAIR' ? 0.8 : -0.35;
  const [sx, sy, sz] = spacingOf(volume.affine);
  for (let lesion = 0; lesion < lesions; lesion++) {
    const centre = white[random.integer(white.length)];
    const radius = random.uniform(2, 7);
    const ci = centre % nx;
    const cj = ((centre - ci) / nx) % ny;
    const ck = ((centre - ci) / nx - cj) / ny;
    const reach = [sx, sy, sz].map((mm) => Math.ceil((radius + 2) / mm));
    for (let k = Math.max(0, ck - reach[2]); k <= Math.min(nz - 1, ck + reach[2]); k++) {
      for (let j = Math.max(0, cj - reach[1]); j <= Math.min(ny - 1, cj + reach[1]); j++) {
        for (let i = Math.max(0, ci - reach[0]); i <= Math.min(nx - 1, ci + reach[0]); i++) {
          const n = i + nx * (j + ny * k);
          if (labels.labels[n] !== phantomLabels.white) continue;
          const [dx, dy, dz] = [(i - ci) * sx, (j - cj) * sy, (k - ck) * sz];
          const inside = Math.max(0, Math.min(1, radius - Math.sqrt(dx * dx + dy * dy + dz * dz)));
          values[n] = Math.round(values[n] * (1 + gain * inside));
        }
      }
    }
  }
}

/** The ghost of a head that moved: the image again, weaker, displaced by a third of the field along the second axis and wrapped. In place. */
function addGhost({ volume }: PhantomHead, share: number): void {
  const { shape, values } = volume;
  const [nx, ny, nz] = shape;
  const step = Math.round(ny / 3);
  const still = values.slice();
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = nx * (j + ny * k);
      const ahead = nx * (((j + step) % ny) + ny * k);
      const behind = nx * (((j + ny - step) % ny) + ny * k);
      for (let i = 0; i < nx; i++) {
        values[row + i] = Math.min(
          32767,
          Math.round(still[row + i] * (1 - share) + share * 0.5 * (still[ahead + i] + still[behind + i])),
        );
      }
    }
  }
}
