import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { headShapeOf } from '../../../src-shared/phantom/headShape.ts';
import { phantomLabels as L, phantomTissues as T } from '../../../src-shared/phantom/labels.ts';
import { phantomPerson } from '../../../src-shared/phantom/person.ts';
import { phantomHead, type PhantomHead } from '../../../src-shared/phantom/phantomHead.ts';
import { samplePeople } from '../../../src-shared/phantom/samplePeople.ts';
import { applyMatrix, invert, spacingOf } from '../../../src-shared/volume/affine.ts';
import { voxelMl } from '../../../src-shared/volume/volume.ts';

const coarse = (seed: number): PhantomHead => phantomHead({ seed, spacingMm: 2 });

function meanWorld({ labels }: PhantomHead, label: number): [number, number, number] {
  const [nx, ny] = labels.shape;
  let [x, y, z, n] = [0, 0, 0, 0];
  labels.labels.forEach((value, i) => {
    if (value !== label) return;
    const point = applyMatrix(labels.affine, i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny)));
    x += point[0];
    y += point[1];
    z += point[2];
    n++;
  });
  return [x / n, y / n, z / n];
}

function ml(head: PhantomHead, ...wanted: number[]): number {
  let n = 0;
  for (const label of head.labels.labels) if (wanted.includes(label)) n++;
  return n * voxelMl(head.labels);
}

function meanSignal(head: PhantomHead, tissue: number): number {
  let sum = 0;
  let n = 0;
  head.tissues.labels.forEach((value, i) => {
    if (value !== tissue) return;
    sum += head.volume.values[i];
    n++;
  });
  return sum / n;
}

/** Depth of one person's face on a raster over the inner face, mm. */
function faceDepthsMm(seed: number): (number | null)[] {
  const shape = headShapeOf(phantomPerson(seed));
  const depths: (number | null)[] = [];
  for (let x = -40; x <= 40; x += 8) for (let z = -70; z <= 50; z += 8) depths.push(shape.frontAt(x, z));
  return depths;
}

function meanDistanceMm(a: (number | null)[], b: (number | null)[]): number {
  let sum = 0;
  let n = 0;
  a.forEach((value, i) => {
    const other = b[i];
    if (value === null || other === null) return;
    sum += Math.abs(value - other);
    n++;
  });
  return sum / n;
}

describe('a phantom head', () => {
  it('has organs of a plausible size and every region', () => {
    for (const seed of [1, 333]) {
      const head = coarse(seed);
      for (const [name, label] of Object.entries(L)) expect(ml(head, label), name).toBeGreaterThan(0.5);
      const brain = ml(head, L.grey, L.white);
      expect(brain).toBeGreaterThan(1000);
      expect(brain).toBeLessThan(1700);
      expect(ml(head, L.leftEyeball)).toBeGreaterThan(5.5);
      expect(ml(head, L.leftEyeball)).toBeLessThan(8.5);
      expect(ml(head, L.ventricles)).toBeGreaterThan(8);
      expect(ml(head, L.ventricles)).toBeLessThan(70);
      expect(ml(head, L.skull)).toBeGreaterThan(350);
    }
  });

  it('has a brain of an adult in person after person', () => {
    for (let seed = 0; seed < 12; seed++) {
      const head = phantomHead({ seed, spacingMm: 4 });
      const brain = ml(head, L.grey, L.white, L.ventricles);
      expect(brain, `seed ${seed}`).toBeGreaterThan(1000);
      expect(brain, `seed ${seed}`).toBeLessThan(1700);
    }
  });

  it('puts left on the left, the nose in front and the chin below, whatever the stored order', () => {
    for (const orientation of ['RAS', 'LPS', 'PSR']) {
      const head = phantomHead({ seed: 4, spacingMm: 2, orientation });
      for (const [left, right] of [
        [L.leftEye, L.rightEye],
        [L.leftCheek, L.rightCheek],
        [L.leftEar, L.rightEar],
        [L.leftEyeball, L.rightEyeball],
      ]) {
        expect(meanWorld(head, left)[0]).toBeLessThan(meanWorld(head, right)[0] - 35);
      }
      expect(meanWorld(head, L.nose)[1]).toBeGreaterThan(meanWorld(head, L.leftEye)[1]);
      expect(meanWorld(head, L.chinJaw)[2]).toBeLessThan(meanWorld(head, L.mouth)[2]);
      expect(meanWorld(head, L.mouth)[2]).toBeLessThan(meanWorld(head, L.nose)[2]);
      expect(meanWorld(head, L.forehead)[2]).toBeGreaterThan(meanWorld(head, L.leftEye)[2]);
    }
  });

  it('has landmarks where the labels are: eyes in eyeballs, the tip of the nose at the skin', () => {
    const head = coarse(5);
    const back = invert(head.labels.affine);
    const [nx, ny] = head.labels.shape;
    const at = (point: readonly [number, number, number]): number => {
      const [i, j, k] = applyMatrix(back, ...point).map(Math.round);
      return head.labels.labels[(k * ny + j) * nx + i];
    };
    expect(at(head.landmarks.leftEye)).toBe(L.leftEyeball);
    expect(at(head.landmarks.rightEye)).toBe(L.rightEyeball);
    const [x, y, z] = head.landmarks.pronasale;
    expect(at([x, y - 4, z])).toBe(L.nose);
    expect(at([x, y + 6, z])).toBe(L.air);
  });

  it('orders its tissues as each contrast does', () => {
    const still = { seed: 6, spacingMm: 2, noise: 0.01, bias: 0.05 };
    const t1 = phantomHead({ ...still, contrast: 'T1w' });
    const t2 = phantomHead({ ...still, contrast: 'T2w' });
    const flair = phantomHead({ ...still, contrast: 'FLAIR' });
    const order = (head: PhantomHead, ...brightFirst: number[]): void => {
      const signals = brightFirst.map((tissue) => meanSignal(head, tissue));
      expect(signals).toEqual([...signals].sort((a, b) => b - a));
    };
    order(t1, T.fat, T.white, T.grey, T.fluid, T.air);
    order(t2, T.fluid, T.grey, T.white, T.bone, T.air);
    order(flair, T.fat, T.grey, T.white, T.fluid, T.air);
  });

  it('gives the same bytes for the same seed, on every machine', () => {
    const { volume, labels } = phantomHead({ seed: 2026, spacingMm: 3 });
    const hash = createHash('sha256')
      .update(Int16Array.from(volume.values))
      .update(labels.labels)
      .digest('hex');
    expect(volume.shape).toEqual([82, 87, 102]);
    expect(hash).toBe('cadf05e115f7832191c2d81636e9e98bfe948119f30d26b6a2bd2869c30019b0');
  });

  it('is noisy as asked: Rayleigh noise in the air, none without', () => {
    const head = phantomHead({ seed: 7, spacingMm: 3, noise: 0.05, bias: 0 });
    // Mean of a Rayleigh distribution: sigma times the root of pi/2; fat is 820, so sigma is 41. The first
    // millimetres next to the skin hold partial volume, so only the first row along x is read.
    const air = Array.from(head.volume.values.subarray(0, head.volume.shape[0]));
    expect(air.reduce((sum, v) => sum + v, 0) / air.length).toBeGreaterThan(35);
    const still = phantomHead({ seed: 7, spacingMm: 3, noise: 0, bias: 0 });
    expect(Math.max(...still.volume.values.subarray(0, still.volume.shape[0]))).toBe(0);
  });

  it('leaves out what is cropped and keeps the rest where it was', () => {
    const whole = phantomHead({ seed: 8, spacingMm: 2 });
    const cut = phantomHead({ seed: 8, spacingMm: 2, crop: { bottom: 40, front: 20 } });
    expect(cut.volume.shape[2]).toBe(whole.volume.shape[2] - 20);
    expect(cut.volume.shape[1]).toBe(whole.volume.shape[1] - 10);
    expect(cut.volume.affine[11] - whole.volume.affine[11]).toBeCloseTo(40, 6);
    const [nx, ny] = whole.volume.shape;
    const [cx, cy, cz] = cut.volume.shape;
    for (let k = 0; k < cz; k += 5) {
      for (let j = 0; j < cy; j += 5) {
        const row = ((k + 20) * ny + j) * nx;
        expect(cut.labels.labels.slice((k * cy + j) * cx, (k * cy + j) * cx + cx)).toEqual(
          whole.labels.labels.slice(row, row + nx),
        );
      }
    }
  });

  it('keeps the asked voxel size on slanted and reordered grids', () => {
    const head = phantomHead({ seed: 9, spacingMm: [2, 3, 4], orientation: 'PSR', obliqueDeg: [10, 5, -7] });
    spacingOf(head.volume.affine).forEach((mm, axis) => expect(mm).toBeCloseTo([3, 4, 2][axis], 9));
    expect(ml(head, L.grey, L.white)).toBeGreaterThan(1000);
  });

  it('shows one person in every scan, whatever seed, contrast or position', () => {
    const person = phantomPerson(10);
    const a = phantomHead({ seed: 1, person, spacingMm: 3 });
    const b = phantomHead({ seed: 2, person, contrast: 'T2w', spacingMm: 3, rotationDeg: [4, -3, 8] });
    const between = ({ landmarks: l }: PhantomHead): number =>
      Math.hypot(...l.pronasale.map((v, i) => v - l.leftEar[i]));
    expect(between(a)).toBeCloseTo(between(b), 6);
    expect(a.volume.values).not.toEqual(b.volume.values);
    expect(Math.abs(ml(a, L.grey, L.white) / ml(b, L.grey, L.white) - 1)).toBeLessThan(0.02);
  });

  it('refuses an orientation that is none and a field of view with nothing in it', () => {
    expect(() => phantomHead({ seed: 1, orientation: 'RRS' })).toThrow(/names each of the three axes/);
    expect(() => phantomHead({ seed: 1, crop: { top: 900 } })).toThrow(/leaves nothing/);
    expect(() => phantomHead({ seed: 1, spacingMm: 0 })).toThrow(/Spacing/);
  });
});

describe('phantom people', () => {
  it('never share a face: 24 people are pairwise millimetres apart, each is nothing apart from itself', () => {
    const faces = Array.from({ length: 24 }, (_, i) => faceDepthsMm(i + 100));
    expect(meanDistanceMm(faces[0], faceDepthsMm(100))).toBe(0);
    for (let a = 0; a < 24; a++) {
      for (let b = 0; b < a; b++) expect(meanDistanceMm(faces[a], faces[b])).toBeGreaterThan(0.6);
    }
  });

  it('have heads within the range of adults', () => {
    for (let seed = 0; seed < 200; seed++) {
      const p = phantomPerson(seed);
      expect(p.headLengthMm).toBeGreaterThan(165);
      expect(p.headLengthMm).toBeLessThan(220);
      expect(p.nasion.z - p.mentonZ).toBeGreaterThan(95);
      expect(p.nasion.z - p.mentonZ).toBeLessThan(142);
    }
  });

  it('make a sample study: the same for a seed, everybody with a T1w scan, all scans of one subject one person', () => {
    const scans = samplePeople(1, 12);
    expect(scans).toEqual(samplePeople(1, 12));
    expect(new Set(scans.filter((s) => s.contrast === 'T1w').map((s) => s.subject)).size).toBe(12);
    expect(new Set(scans.map((s) => s.contrast)).size).toBe(3);
    for (const { subject, options } of scans) {
      const own = scans.filter((s) => s.subject === subject).map((s) => s.options.person?.seed);
      expect(new Set(own)).toEqual(new Set([options.person?.seed]));
    }
  });
});
