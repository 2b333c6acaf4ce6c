import { faceReliefOf } from './faceRelief.ts';
import type { PhantomPerson } from './person.ts';
import { clamp, ellipsoid, profile, smoothMax, smoothMin, smoothstep } from './shapeMath.ts';

/** Distances in mm at one point, below 0 inside; good to a few per cent near the surface, rough far away. */
export interface HeadDistances {
  /** Skin of the whole head, ears included, nostrils cut out. */
  skin: number;
  /** The smooth braincase (outside of the scalp). */
  cranium: number;
  /** The face below it, without the neck. */
  face: number;
  neck: number;
  /** Nearest ear; large away from both. */
  ear: number;
  nostril: number;
}

export interface HeadShape {
  /** Fills `out` for a point of person space. */
  readonly measure: (x: number, y: number, z: number, out: HeadDistances) => void;
  /** The skin's front along y at (x, z), or null where the ray from the front misses the head. */
  readonly frontAt: (x: number, z: number) => number | null;
  readonly box: { readonly low: readonly number[]; readonly high: readonly number[] };
  readonly earCentre: readonly [x: number, y: number, z: number];
}

const tableBottom = -240;
const tableCells = 360;

/** A profile sampled every millimetre from z = -240 to 120. */
function tabulate(curve: (z: number) => number): Float64Array {
  const table = new Float64Array(tableCells);
  for (let i = 0; i < tableCells; i++) table[i] = curve(tableBottom + i);
  return table;
}

/** Three box filters of ±5 mm, so that no knot of a profile shows as a band across the cheek. */
function softened(table: Float64Array): Float64Array {
  let from = table;
  for (let pass = 0; pass < 3; pass++) {
    const to = Float64Array.from(from);
    for (let i = 5; i + 5 < from.length; i++) {
      let sum = 0;
      for (let j = i - 5; j <= i + 5; j++) sum += from[j];
      to[i] = sum / 11;
    }
    from = to;
  }
  return from;
}

const softenedTable = (curve: (z: number) => number): Float64Array => softened(tabulate(curve));

/** Signed distances of a person's head: a loft for the face carrying a relief, a braincase, a neck and two ears. */
export function headShapeOf(p: PhantomPerson): HeadShape {
  const { nasion, subnasale, stomion, pogonion, mentonZ } = p;
  const maskCurve = profile([
    [mentonZ - 5, pogonion.y - 24],
    [mentonZ, pogonion.y - 15],
    [mentonZ + 3, pogonion.y - 9],
    [pogonion.z - 3, pogonion.y - 3.4],
    [pogonion.z + 6, pogonion.y - 1],
    [stomion.z, stomion.y - 2],
    [subnasale.z, subnasale.y - 2],
    [nasion.z - 24, (subnasale.y + nasion.y) / 2 - 1],
    [nasion.z, nasion.y],
    [nasion.z + 16, nasion.y + 1],
    [nasion.z + 45, nasion.y - 8 - p.foreheadSlopeMm],
    [nasion.z + 72, nasion.y - 42 - 2 * p.foreheadSlopeMm],
  ]);
  const relief = faceReliefOf(p, maskCurve);
  const cheek = p.faceWidthMm / 2;
  const jaw = p.jawWidthMm / 2;
  const front = tabulate(maskCurve);
  const half = softenedTable(
    profile([
      [mentonZ - 6, p.chinWidthMm * 0.9],
      [mentonZ, p.chinWidthMm * 1.1],
      [mentonZ + 9, p.chinWidthMm + 10],
      [(mentonZ + p.jawZ) / 2 + 4, jaw * 0.82],
      [p.jawZ, jaw],
      [stomion.z + 14, jaw + (cheek - jaw) * 0.5 + p.cheekFullnessMm * 0.5],
      [-8, cheek - 1],
      [8, cheek],
      [nasion.z + 6, cheek - 4],
      [nasion.z + 22, cheek - 7],
      [nasion.z + 45, cheek - 8],
      [nasion.z + 72, cheek - 34],
    ]),
  );
  const back = softenedTable(
    profile([
      [mentonZ - 6, pogonion.y - 50],
      [mentonZ, pogonion.y - 60],
      [mentonZ + 12, pogonion.y - 76],
      [p.jawZ, 2],
      [p.jawZ + 16, -10],
      [0, -34],
      [40, -50],
    ]),
  );
  const middle = softenedTable(
    profile([
      [mentonZ, pogonion.y - 42],
      [mentonZ + 12, pogonion.y - 54],
      [p.jawZ, 26],
      [stomion.z + 14, 19],
      [0, 16],
      [40, 12],
    ]),
  );
  const flat = softenedTable(
    profile([
      [mentonZ, 0.2],
      [p.jawZ, 0.24],
      [0, p.faceFlatness],
      [nasion.z + 20, p.faceFlatness + 0.06],
      [nasion.z + 60, 0.2],
    ]),
  );

  const craniumZ = 46;
  const headFront = nasion.y + 2.5;
  const headBack = headFront - p.headLengthMm;
  const craniumY = headFront - p.headLengthMm * 0.545;
  const rx = p.headWidthMm / 2;
  const ryFront = headFront - craniumY;
  const ryBack = craniumY - headBack;
  const rzUp = p.vertexZ - craniumZ;
  const rzDown = 82;

  const earY = -15;
  const earZ = 3;
  const earBaseX = cheek + 0.5;
  const cosTilt = 1 / Math.sqrt(1 + p.earTilt * p.earTilt);
  const sinTilt = p.earTilt * cosTilt;
  const flare = p.earFlareMm / p.earWidthMm;
  const cosFlare = 1 / Math.sqrt(1 + flare * flare);
  const sinFlare = flare * cosFlare;
  const earU = p.earWidthMm / 2;
  const earV = p.earLengthMm / 2;

  function earDistance(ax: number, y: number, z: number): number {
    const bx = ax - earBaseX - 5.5;
    const by = -(y - earY);
    const bz = z - earZ;
    // u runs backwards along the ear, v up along it, w away from the head.
    const v = bz * cosTilt - by * sinTilt;
    const uFlat = by * cosTilt + bz * sinTilt;
    const u = uFlat * cosFlare + bx * sinFlare;
    const w = bx * cosFlare - uFlat * sinFlare;
    const vn = v / earV;
    const uHalf = earU * (0.93 + 0.16 * vn - 0.22 * vn * vn * (vn < 0 ? 1 : 0));
    const un = u / uHalf;
    const e = Math.sqrt(un * un + vn * vn);
    const edge = (e - 0.9) * earU;
    const concha = clamp(1 - ((u + 4) * (u + 4)) / 80 - ((v + 4) * (v + 4)) / 120, 0, 1);
    const anti = (e - 0.6) * earU;
    const antihelix = un > -0.35 && vn > -0.6 ? 2.6 * clamp(1 - (anti * anti) / 9, 0, 1) : 0;
    const dish = -5.5 * concha + antihelix - 0.5;
    const plate = smoothMax(Math.abs(w - dish + 0.8) - 2, edge, 1.5);
    const ring = (e - 0.87) * earU;
    const lift = 2.2 + 0.8 * vn;
    const helix = Math.sqrt(ring * ring + (w - lift) * (w - lift)) - (vn > -0.55 ? 2.7 : 1.6);
    const lobule = ellipsoid(u + 1, w - 0.4, v + earV * 0.8, 8, 3.4, 7.5);
    const tragus = ellipsoid(u + earU * 0.82, w - 1.2, v + 5, 3.6, 4, 5.2);
    return smoothMin(smoothMin(plate, helix, 2), smoothMin(lobule, tragus, 0.5), 2.2);
  }

  const nostrilX = p.noseWidthMm * 0.185;
  const nostrilZ = subnasale.z - 0.2;
  const nostrilY = subnasale.y + 0.42 * (p.pronasale.y - subnasale.y);

  function measure(x: number, y: number, z: number, out: HeadDistances): void {
    const ax = x < 0 ? -x : x;

    // Braincase: an egg with a fuller forehead, a narrower front and a tilted back.
    const cx = x;
    let cy = y - craniumY;
    const cz = z - craniumZ;
    if (cy < 0) cy += (p.occiputTiltMm * cz) / 90;
    const ry = cy > 0 ? ryFront : ryBack;
    const rz = cz > 0 ? rzUp : rzDown;
    const width = rx * (1 - 0.12 * clamp(cy / ry, 0, 1.2) * clamp(cy / ry, 0, 1.2));
    const u = cx / width;
    const v = cy / ry;
    const w = cz / rz;
    const u2 = u * u;
    const v2 = v * v;
    const w2 = w * w;
    // Homogeneous of degree two, so that root is a gauge: fuller than an ellipsoid where two axes share the weight.
    const kVertical = cz > 0 ? 0.24 : 0.05;
    const sum = Math.max(1e-4, u2 + v2 + w2);
    const quad = sum - (kVertical * (v2 + u2) * w2 + 0.12 * u2 * v2) / sum;
    const root = Math.sqrt(quad);
    const gx = (u * (1 - (kVertical * w2 * w2) / (sum * sum))) / width;
    const gy = (v * (1 - (kVertical * w2 * w2) / (sum * sum))) / ry;
    const gz = (w * (1 - (kVertical * (v2 + u2) * (v2 + u2)) / (sum * sum))) / rz;
    const gradient = Math.sqrt(gx * gx + gy * gy + gz * gz) / root;
    const cranium = (root - 1) / Math.max(gradient, 0.006);

    // Face: horizontal outlines stacked along z, the relief added in front.
    let face = 80;
    if (z < nasion.z + 74 && z > mentonZ - 40) {
      const tf = clamp(z - tableBottom, 0, tableCells - 2);
      const ti = Math.floor(tf);
      const t = tf - ti;
      const yFront = front[ti] + (front[ti + 1] - front[ti]) * t;
      const yBack = back[ti] + (back[ti + 1] - back[ti]) * t;
      const yMiddle = middle[ti] + (middle[ti + 1] - middle[ti]) * t;
      const b = half[ti] + (half[ti + 1] - half[ti]) * t;
      const k = flat[ti] + (flat[ti + 1] - flat[ti]) * t;
      let forward = 0;
      let steep = 1;
      if (y > 15) {
        const gc = (x - relief.left) / relief.cellMm;
        const gr = (z - relief.bottom) / relief.cellMm;
        if (gc >= 0 && gr >= 0 && gc < relief.width - 1 && gr < relief.height - 1) {
          const c = Math.floor(gc);
          const r = Math.floor(gr);
          const fc = gc - c;
          const fr = gr - r;
          const i = r * relief.width + c;
          const f = relief.forwardMm;
          const low = f[i] + (f[i + 1] - f[i]) * fc;
          const high = f[i + relief.width] + (f[i + relief.width + 1] - f[i + relief.width]) * fc;
          const s = smoothstep(15, 52, y);
          forward = (low + (high - low) * fr) * s;
          steep = 1 + (relief.slope[i] - 1) * s;
        }
      }
      const yy = y - forward - yMiddle;
      const depth = yy > 0 ? yFront - yMiddle : yMiddle - yBack;
      const fu = x / b;
      const fv = yy / depth;
      const fu2 = fu * fu;
      const fv2 = fv * fv;
      const fs = Math.max(1e-4, fu2 + fv2);
      const fp = Math.sqrt(fs - (k * fu2 * fv2) / fs);
      const fx = (fu * (1 - (k * fv2 * fv2) / (fs * fs))) / b;
      const fy = (fv * (1 - (k * fu2 * fu2) / (fs * fs))) / depth;
      const slopeB = half[ti + 1] - half[ti];
      const slopeF = yy > 0 ? front[ti + 1] - front[ti] : 0;
      // Far outside, the slope along z must not make the point look near.
      const fz = (Math.min(fu2, 1.2) * slopeB) / b + (Math.min(fv2, 1.2) * slopeF) / depth;
      const fg = Math.sqrt(fx * fx + fy * fy + fz * fz) / fp;
      face = (fp - 1) / Math.max(fg, 0.008);
      if (steep > 1.01 && yy > 0)
        face /= 1 + (steep - 1) * clamp((Math.abs(fy) / fp / Math.max(fg, 1e-4)) * 1.1, 0, 1);
      const under = mentonZ - 1 - z;
      face = smoothMax(face, under + 0.12 * (y - pogonion.y + 14), 12);
      const above = z - nasion.z - 12;
      if (above > 0) face += 0.016 * above * above;
    }

    // Neck, leaning back a little going down, spreading towards the shoulders.
    const neckCentre = p.neckY - (z + 60) * 0.07;
    const spread = z < -135 ? (-135 - z) * (-135 - z) * 0.012 : 0;
    const nx = p.neckHalfWidthMm + spread * 1.6;
    const ny = p.neckHalfWidthMm * 0.98 + spread * 0.5;
    const qn = Math.sqrt((x * x) / (nx * nx) + ((y - neckCentre) * (y - neckCentre)) / (ny * ny));
    const larynx =
      y > 0
        ? 3 *
          p.masculinity *
          clamp(1 - ax / 14, 0, 1) *
          clamp(1 - ((z - mentonZ + 34) * (z - mentonZ + 34)) / 300, 0, 1)
        : 0;
    const neck = smoothMax((qn - 1) * nx - larynx, z + 8, 20);

    let skin = smoothMin(cranium, face, 12);
    skin = smoothMin(skin, neck, 20);

    let ear = 60;
    if (ax > earBaseX - 16 && y < earY + 34 && y > earY - 38 && z < earZ + 46 && z > earZ - 44) {
      ear = earDistance(ax, y, z);
      skin = smoothMin(skin, ear, 3.5);
      // The canal.
      const canal = Math.sqrt((y - 0) * (y - 0) + z * z) - 3;
      skin = Math.max(skin, -smoothMax(canal, 40 - ax, 1));
    }

    let nostril = 60;
    if (y > nostrilY - 30 && ax < 20 && z > subnasale.z - 10 && z < subnasale.z + 18) {
      const ny0 = y - nostrilY;
      const nz0 = z - nostrilZ;
      nostril = ellipsoid(ax - nostrilX - 0.18 * -ny0, ny0, nz0 - 0.15 * ny0, 2.6, 4.4, 3.6);
      skin = smoothMax(skin, -nostril, 1.5);
    }
    out.skin = skin;
    out.cranium = cranium;
    out.face = face;
    out.neck = neck;
    out.ear = ear;
    out.nostril = nostril;
  }

  const probe: HeadDistances = { skin: 0, cranium: 0, face: 0, neck: 0, ear: 0, nostril: 0 };
  function frontAt(x: number, z: number): number | null {
    let y = 150;
    measure(x, y, z, probe);
    while (probe.skin > 0 && y > -60) {
      y -= 0.5;
      measure(x, y, z, probe);
    }
    if (y <= -60) return null;
    let outside = y + 0.5;
    for (let i = 0; i < 12; i++) {
      const m = (y + outside) / 2;
      measure(x, m, z, probe);
      if (probe.skin > 0) outside = m;
      else y = m;
    }
    return (y + outside) / 2;
  }

  const reach = earBaseX + 5.5 + p.earFlareMm + 8;
  return {
    measure,
    frontAt,
    box: {
      low: [-reach, headBack - 3, mentonZ - 45],
      high: [reach, p.pronasale.y + 3, p.vertexZ + 3],
    },
    earCentre: [earBaseX + 7, earY, earZ],
  };
}
