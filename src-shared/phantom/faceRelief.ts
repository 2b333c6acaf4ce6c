import type { PhantomPerson } from './person.ts';
import { bell, clamp, profile, smoothMax, smoothstep, soft } from './shapeMath.ts';

/** Forward displacement of the face in mm over a half-millimetre raster of (x, z) in person space. */
export interface FaceRelief {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly bottom: number;
  readonly cellMm: number;
  readonly forwardMm: Float64Array;
  /** Square root of one plus the squared slope: how much nearer the surface is than along y. */
  readonly slope: Float64Array;
}

/**
 * Everything a face adds to a smooth mask: brow, orbits with closed lids, nose, cheekbones, lips, chin. Written as
 * depth over the frontal plane, the way a relief is carved. `mask(z)` is the smooth midline profile below it.
 */
export function faceReliefOf(p: PhantomPerson, mask: (z: number) => number): FaceRelief {
  const cellMm = 0.5;
  const left = -84;
  const bottom = p.mentonZ - 14;
  const width = 337;
  const height = Math.ceil((p.nasion.z + 70 - bottom) / cellMm) + 1;
  const forwardMm = new Float64Array(width * height);
  const heightAt = reliefAt(p, mask);
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < width; c++)
      forwardMm[r * width + c] = heightAt(left + c * cellMm, bottom + r * cellMm);
  }
  const slope = new Float64Array(width * height).fill(1);
  for (let r = 1; r + 1 < height; r++) {
    for (let c = 1; c + 1 < width; c++) {
      const i = r * width + c;
      const dx = (forwardMm[i + 1] - forwardMm[i - 1]) / (2 * cellMm);
      const dz = (forwardMm[i + width] - forwardMm[i - width]) / (2 * cellMm);
      slope[i] = Math.sqrt(1 + dx * dx + dz * dz);
    }
  }
  return { width, height, left, bottom, cellMm, forwardMm, slope };
}

function reliefAt(p: PhantomPerson, mask: (z: number) => number): (x: number, z: number) => number {
  const { nasion, pronasale: tip, subnasale: base, stomion, pogonion } = p;
  const noseSpan = nasion.z - tip.z;
  const tipHeight = tip.y - mask(tip.z);
  const at = (t: number): number => nasion.z - t * noseSpan;
  const noseHeight = profile([
    [base.z - 3.5, 0],
    [base.z - 0.5, 1.6],
    [base.z + 2, 0.36 * tipHeight],
    [base.z + 4.5, 0.7 * tipHeight],
    [tip.z - 3.5, 0.93 * tipHeight],
    [tip.z, tipHeight],
    [tip.z + 4, 0.94 * tipHeight],
    [at(0.72), 0.76 * tipHeight + 0.3 * p.noseBumpMm],
    [at(0.45), 0.5 * tipHeight + p.noseBumpMm],
    [at(0.2), 0.25 * tipHeight + 0.5 * p.noseBumpMm],
    [nasion.z, 2.2],
    [nasion.z + 8, 0],
  ]);
  const noseHalfWidth = profile([
    [base.z - 2, 7],
    [base.z + 5, p.tipWidthMm * 1.2],
    [tip.z, p.tipWidthMm * 1.28],
    [tip.z + 7, p.tipWidthMm * 1.2],
    [at(0.5), p.bridgeWidthMm * 1.12],
    [nasion.z, p.bridgeWidthMm],
    [nasion.z + 8, p.bridgeWidthMm * 1.3],
  ]);
  const alaX = p.noseWidthMm / 2 - 5.2;
  const alaZ = base.z + 6;
  const corner = p.mouthWidthMm / 2;
  const sublabialeZ = stomion.z - (stomion.z - pogonion.z) * 0.52;

  return (xRaw, z) => {
    // The nose and the chin of most people stand a little off the midline.
    const shift =
      p.noseShiftMm * bell(z - tip.z, 16, 0, 1) + p.chinShiftMm * smoothstep(stomion.z, pogonion.z, z);
    const x = xRaw - shift;
    const a = Math.abs(x);
    let d = 0;

    // Glabella and brow ridges.
    d += p.glabellaMm * bell(x, 13, z - nasion.z - 13, 9);
    const browZ = p.eyeZ + 19 + p.browArchMm * bell(a - 36, 13, 0, 1);
    d += p.browRidgeMm * bell(0, 1, z - browZ, 5.5) * smoothstep(2, 18, a) * (1 - smoothstep(36, 60, a));

    // Orbit, then the lids over the eyeball.
    const ex = a - p.eyeX;
    const tilt = (p.eyeTiltMm * ex) / 15;
    const ez = z - p.eyeZ - tilt;
    d -= p.orbitDepthMm * bell(ex - 0.5, 14, ez + 0.5, 10.5);
    d -= 4.6 * bell(a - 14.5, 5, z - p.eyeZ - 1, 9);
    d -= 1.8 * bell(a - 23, 12, ez + 15, 5);
    const ball = 1 - (ex * ex) / 300 - ((ez + 0.5) * (ez + 0.5)) / 215;
    if (ball > 0) d += p.lidFullnessMm * ball * ball * (3 - 2 * ball);
    const half = p.eyeFissureMm / 2;
    const across = 1 - smoothstep(0.75, 1.1, Math.abs(ex) / half);
    const u = ex / half;
    const creaseZ = 7.4 - 4.2 * u * u;
    d -= 1.25 * across * soft((ez - creaseZ) * (ez - creaseZ) * 0.42);
    d += 0.7 * across * bell(0, 1, ez - creaseZ - 2.6, 1.6);
    const lashZ = -5.6 + 4.6 * u * u;
    d -= 1.4 * across * soft((ez - lashZ) * (ez - lashZ) * 0.55);
    d += 0.7 * across * bell(0, 1, ez - lashZ - 1.9, 1.1);
    d += 0.4 * across * bell(0, 1, ez - lashZ + 1.9, 1.1);
    const bagZ = -12.5 + 4 * u * u;
    d -= 0.35 * (1 - smoothstep(0.7, 1.3, Math.abs(u))) * soft((ez - bagZ) * (ez - bagZ) * 0.14);

    // Cheekbone, the hollow below it, cheek and temple.
    d += p.cheekboneMm * bell(a - 46, 14, z - p.eyeZ + 24, 12);
    d += (p.cheekFullnessMm - 1.2) * bell(a - 42, 14, z - stomion.z - 4, 17);
    d += 1.6 * bell(a - 25, 10, z - base.z - 4, 10);

    // Nose: a ridge with sloping walls, wings with a crease behind them.
    const ridge = noseHeight(z);
    if (ridge > 0 && a < 32) {
      const t = a / noseHalfWidth(z);
      const wall = 1 - smoothstep(0.12, 1.42, t);
      d += ridge * wall;
    }
    const wx = (a - alaX) / 6.6;
    const wz = (z - alaZ) / (z > alaZ ? 7.6 : 6.2);
    const wing = 1 - wx * wx - wz * wz;
    const crease = Math.sqrt(wx * wx + wz * wz) - 1.12;
    if (a > alaX - 1) d -= 0.8 * soft(crease * crease * 22) * smoothstep(alaX - 1, alaX + 3, a);
    if (wing > -0.6) d = smoothMax(d, 0.44 * tipHeight * wing * (2 - wing), 4);

    // The dental arch rounds the mouth forward; philtrum, lips and the line between them.
    d += 2.6 * bell(x, 21, z - stomion.z, 17);
    const mouthZ =
      stomion.z +
      (p.mouthCurveMm * a * a) / (corner * corner) +
      (p.mouthSlantMm * x) / corner -
      0.9 * bell(x, 4, 0, 1);
    const dz = z - mouthZ;
    const q = clamp(a / corner, 0, 1.4);
    const body = Math.max(0, 1 - q * q);
    const upper = p.upperLipMm * body * (1 - 0.16 * bell(x, 2.6, 0, 1)) + 0.4;
    const lower = p.lowerLipMm * Math.max(0, 1 - q * q * q * q * 0.55 - q * q * 0.45) + 0.4;
    const philtrumTop = smoothstep(base.z - 1, base.z - 5, z) * smoothstep(upper * 0.6, upper * 1.05, dz);
    d += 0.8 * p.philtrumMm * philtrumTop * (0.9 * bell(a - 5, 1.9, 0, 1) - 1.1 * bell(x, 2.6, 0, 1));
    if (q < 1) {
      const fade = Math.sqrt(body);
      if (dz >= 0 && dz < upper * 1.25) {
        const t = dz / (upper * 1.25);
        d += p.lipThicknessMm * fade * 4 * t * (1 - t) * (1.25 - 0.5 * t);
      } else if (dz < 0 && -dz < lower * 1.2) {
        const t = -dz / (lower * 1.2);
        d += p.lipThicknessMm * 1.1 * fade * 4 * t * (1 - t) * (1.2 - 0.4 * t);
      }
    }
    d -= 2.2 * soft(dz * dz * 0.45) * (1 - smoothstep(0.85, 1.12, q));
    d -= 1.3 * bell(a - corner - 1.5, 3.4, dz, 4.5);

    // Fold from the wing of the nose past the corner of the mouth.
    const ax = p.noseWidthMm / 2 + 2;
    const along = clamp((base.z + 9 - z) / (base.z + 9 - (stomion.z - 5)), 0, 1);
    const foldX = ax + along * along * 0.55 * (corner + 10 - ax) + along * 0.45 * (corner + 10 - ax);
    const fold = a - foldX;
    const foldEnds = smoothstep(base.z + 14, base.z + 6, z) * smoothstep(stomion.z - 14, stomion.z - 2, z);
    d += p.nasolabialMm * foldEnds * (0.7 * bell(fold - 5, 5, 0, 1) - 0.55 * bell(fold + 0.5, 2.6, 0, 1));

    // Chin.
    d -= p.mentolabialMm * bell(x, 17, z - sublabialeZ, 4.2);
    d += p.chinMm * bell(x, p.chinWidthMm * 0.62, z - pogonion.z, 8.5);
    return d;
  };
}
