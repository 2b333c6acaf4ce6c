import type { HeadDistances, HeadShape } from './headShape.ts';
import { phantomLabels as L, phantomTissues as T } from './labels.ts';
import { smoothNoise } from './noiseField.ts';
import type { PhantomPerson } from './person.ts';
import { ellipsoid, smoothMax, smoothMin, smoothstep } from './shapeMath.ts';

/** Packs a label and a tissue into one number: label * 256 + tissue. */
export type LabelAndTissue = number;

const pack = (label: number, tissue: number): LabelAndTissue => label * 256 + tissue;

/**
 * Names what fills a point inside the skin of one person. The returned function takes the point in person space
 * and its distances; it costs a few noise look-ups and allocates nothing.
 */
export function headTissueOf(
  p: PhantomPerson,
  shape: HeadShape,
): (x: number, y: number, z: number, d: HeadDistances) => LabelAndTissue {
  const noise = smoothNoise(p.cortexSeed);
  const { nasion, subnasale, stomion, mentonZ } = p;
  const innerMm = p.scalpMm + p.skullMm;
  const corner = p.mouthWidthMm / 2;
  const [, earY, earZ] = shape.earCentre;
  const vs = p.ventricleScale;
  const noseHalf = p.noseWidthMm / 2 + 2.5;
  const browTop = p.eyeZ + 15;
  const lidLow = p.eyeZ - 13;

  function surfaceLabel(x: number, y: number, z: number, d: HeadDistances): number {
    const a = x < 0 ? -x : x;
    if (d.ear < 1.5) return x < 0 ? L.leftEar : L.rightEar;
    if (z < mentonZ - 4 || (d.neck < d.face - 1 && z < p.jawZ + 22 && y < 46)) return L.neck;
    if (y < 18 || z > nasion.z + 66) {
      if (z < earZ - 34 && y < earY - 10) return L.neck;
      if (y > 6 && z < nasion.z - 6)
        return z < stomion.z - 8 ? L.chinJaw : x < 0 ? L.leftCheek : L.rightCheek;
      return z < earZ - 30 ? L.neck : L.scalp;
    }
    if (z > browTop + (a < 14 ? -7 + a * 0.5 : 0)) return L.forehead;
    const noseEdge =
      z > subnasale.z + 16 ? 9 + ((nasion.z - z) * (noseHalf - 9)) / (nasion.z - subnasale.z - 16) : noseHalf;
    if (z > subnasale.z - 1 && a < noseEdge) return L.nose;
    if (z > lidLow && z <= browTop && a > 8 && a < p.eyeX + 21) return x < 0 ? L.leftEye : L.rightEye;
    if (z < subnasale.z && a < corner + 6 && z > stomion.z - p.lowerLipMm - 3) return L.mouth;
    if (z < stomion.z - p.lowerLipMm + 2 - (a > corner + 6 ? 2 : 0)) return L.chinJaw;
    return x < 0 ? L.leftCheek : L.rightCheek;
  }

  function brainAt(x: number, y: number, z: number, depth: number): LabelAndTissue {
    const a = x < 0 ? -x : x;
    // Folding: the zero lines of a smooth field, bent by a second one, are the courses of the sulci.
    const bend = 5 * noise(x + 40, y, z);
    const n1 = noise(x + bend + 11, y - bend, z + bend + 57);
    const ripple = (n1 < 0 ? -n1 : n1) * 10.5;
    // Cerebellum and brainstem below the tentorium.
    const tentorium = z - (12 - 0.18 * (y + 40) - 0.1 * a);
    if (tentorium < 0 && y < 2) {
      const cerebellum = Math.min(
        ellipsoid(a - 24, y + 56, z + 12, 28, 27, 23),
        ellipsoid(x, y + 54, z + 10, 14, 24, 20),
      );
      const stem = ellipsoid(x, y + 20 - (z + 20) * 0.12, z + 12, 14.5, 13, 30);
      const fourth = ellipsoid(x, y + 37, z + 10, 6 * vs, 4.5 * vs, 11);
      if (fourth < 0) return pack(L.ventricles, T.fluid);
      if (stem < 0) return pack(L.white, T.white);
      if (cerebellum < 0) {
        const leaf =
          noise(2 * x, 2 * y, 2 * z) * 3.2 + Math.sqrt((y + 40) * (y + 40) + (z + 6) * (z + 6)) * 0.42;
        const layer = leaf - Math.floor(leaf);
        if (cerebellum > -11)
          return layer < 0.16
            ? pack(L.fluid, T.fluid)
            : layer < 0.72
              ? pack(L.grey, T.grey)
              : pack(L.white, T.white);
        return layer < 0.35 && cerebellum > -15 ? pack(L.grey, T.grey) : pack(L.white, T.white);
      }
      if (z < 8 && a < 60) return pack(L.fluid, T.fluid);
    }
    const stemTop = ellipsoid(x, y + 16, z - 6, 15, 12, 22);
    // Ventricles: body and frontal horn, atrium and occipital horn, third ventricle.
    const horn = ellipsoid(a - 9 - 0.08 * (y + 10), y - 12, z - 50 + 0.0035 * y * y, 6.2 * vs, 32, 7.5 * vs);
    const atrium = ellipsoid(a - 25, y + 32, z - 42, 6.5 * vs, 15, 9.5 * vs);
    const temporal = ellipsoid(a - 33 + 0.1 * (y + 12), y + 12, z - 22, 2.6 * vs, 18, 3 * vs);
    const bodyBack = ellipsoid(a - 16, y + 15, z - 52, 5 * vs, 17, 5.5 * vs);
    const third = ellipsoid(x, y + 3, z - 33, 2 * vs, 13, 10);
    const ventricle = Math.min(
      smoothMin(smoothMin(horn, atrium, 3), smoothMin(bodyBack, temporal, 2), 3),
      third,
    );
    if (ventricle < 0 && a > 0.8) return pack(L.ventricles, T.fluid);
    if (third < 0) return pack(L.ventricles, T.fluid);
    // Fissures: between the hemispheres above the callosum, and Sylvian.
    const callosum = ellipsoid(x, y + 2, z - 48, 30, 44, 15);
    const gap = callosum > 0 && z > 22 ? a - 1.1 : 20;
    const sylvianZ = 28 + 0.32 * (30 - y) * 0.6;
    const sylvian = y > -32 && y < 46 && a > 32 ? Math.abs(z - sylvianZ) - 1.6 + (58 - a) * 0.03 : 20;
    if (stemTop < 0) return pack(L.white, T.white);
    const open = smoothstep(30, 13, depth);
    const sulcus = ripple - 0.8 * open + (1 - open) * 9;
    const fromFluid = Math.min(depth - 1.4, sulcus, gap, sylvian);
    if (fromFluid < 0) return pack(L.fluid, T.fluid);
    if (fromFluid < 2.9 + 0.5 * n1) return pack(L.grey, T.grey);
    // Deep grey: thalamus, putamen and pallidum, head of caudate.
    const thalamus = ellipsoid(a - 11.5, y + 9, z - 35, 8, 14, 9);
    const putamen = ellipsoid(a - 25 - 0.12 * y, y - 12, z - 34, 5.6, 18, 10);
    const caudate = ellipsoid(a - 13, y - 26, z - 45, 5, 11, 8);
    if (Math.min(thalamus, putamen, caudate) < 0) return pack(L.grey, T.grey);
    const insula = ellipsoid(a - 35, y - 8, z - 34, 2, 20, 13);
    if (insula < 0) return pack(L.grey, T.grey);
    return pack(L.white, T.white);
  }

  return (x, y, z, d) => {
    const a = x < 0 ? -x : x;
    const depth = -d.skin;

    // Braincase: the cranium's inner table, closed below by the three steps of the skull base.
    const floorZ =
      y > 30
        ? 33 - smoothstep(30, 42, y) * -2 - smoothstep(42, 26, y) * 26 * smoothstep(12, 26, a)
        : y > -8
          ? 4 + (1 - smoothstep(14, 30, a)) * 14 * smoothstep(-6, 14, y)
          : 4 - 36 * smoothstep(-8, -26, y);
    const inCase = smoothMax(d.cranium + innerMm, floorZ - z, 8);
    if (inCase < 0) return brainAt(x, y, z, -inCase);

    const foramen = Math.sqrt(x * x + (y + 32) * (y + 32));
    if (z < 6 && foramen < 13) {
      const cord = Math.sqrt(x * x + (y + 32) * (y + 32));
      if (cord < 6 && z < -24) return pack(L.white, T.white);
      if (cord < 9.5) return pack(L.fluid, T.fluid);
    }

    // Eyeballs with lens, orbital fat and muscle.
    const ex = a - p.eyeX;
    const ey = y - p.eyeY + 3;
    const ez = z - p.eyeZ;
    const eye = Math.sqrt(ex * ex + ey * ey + ez * ez);
    if (eye < 12.2 && depth > 1.2) {
      const label = x < 0 ? L.leftEyeball : L.rightEyeball;
      if (eye > 11) return pack(label, T.muscle);
      return ellipsoid(ex, ey - 7.2, ez, 4.5, 2.4, 4.5) < 0 ? pack(label, T.lens) : pack(label, T.vitreous);
    }
    const skinLabelMm = 8;
    const nearSkin = depth < skinLabelMm;
    const soft = nearSkin ? surfaceLabel(x, y, z, d) : L.deepSoftTissue;

    // Air: nasal passages, maxillary, frontal and sphenoid sinuses, throat, nostrils.
    const nostrilPath = Math.max(a - 6.5 - 0.1 * (z - subnasale.z), 1.6 - a);
    const cavity = Math.max(
      nostrilPath,
      ellipsoid(0, y - 62, z - 4 + 0.2 * (y - 62), 1, 38, 20),
      ellipsoid(x, y - 62, z - 2, 14, 40, 22),
    );
    const maxillary = ellipsoid(a - 28, y - 64, z + 8, 11, 15, 14);
    const frontal = ellipsoid(a - 9, y - nasion.y + 12, z - nasion.z - 10, 8, 3.5, 8);
    const sphenoid = ellipsoid(x, y - 22, z - 13, 11, 11, 8);
    const throatY = 22 - smoothstep(-25, -110, z) * 26;
    const throat = z < 6 ? Math.sqrt(x * x + (y - throatY) * (y - throatY) * 1.8) - 7.5 : 20;
    if (d.nostril < 3 && nostrilPath < 0 && y < nasion.y + 8) return pack(L.airway, T.air);
    if (depth > 5 && (cavity < 0 || maxillary < 0 || frontal < 0 || sphenoid < 0 || throat < 0)) {
      // Turbinates hang into the passages.
      const turbinate = cavity < 0 && a > 4 && (z + 400) / 9 - Math.floor((z + 400) / 9) < 0.5;
      return turbinate ? pack(L.deepSoftTissue, T.muscle) : pack(L.airway, T.air);
    }
    if (depth > 4 && eye < 24 && y < p.eyeY + 12 && y > p.eyeY - 42 && z < 34) {
      const axis = (p.eyeY - y) / 42;
      const cone = Math.sqrt((ex + 14 * axis) * (ex + 14 * axis) + ez * ez) - (18 - 9 * Math.max(0, axis));
      if (cone < 0) {
        const nerve = Math.sqrt((ex + 14 * axis) * (ex + 14 * axis) + ez * ez);
        return pack(L.deepSoftTissue, nerve < 2.2 ? T.white : Math.abs(cone + 3) < 1.3 ? T.muscle : T.fat);
      }
    }

    // Skull: the vault between two offsets of the cranium, the base, the facial bones and the jaw.
    const vault = Math.abs(d.cranium + p.scalpMm + p.skullMm / 2) - p.skullMm / 2;
    if (z > -26 && vault < 0 && depth > 2.2 && (y < 30 || z > 20)) {
      const diploe = vault < -p.skullMm / 2 + 1.2;
      return pack(L.skull, diploe ? T.marrow : T.bone);
    }
    if (inCase < 6 && d.cranium < -p.scalpMm && z > -34 && depth > 3) {
      return pack(L.skull, inCase > 2.5 && inCase < 4.5 ? T.marrow : T.bone);
    }
    const bony = d.face + 11 + 3 * smoothstep(-10, -40, z) * smoothstep(25, 45, a);
    if (y > 38 && z > stomion.z + 2 && z < nasion.z + 12 && bony < 0 && a < 52) {
      if (bony > -4 || a < 4 || z < subnasale.z + 4) {
        const palate = z < subnasale.z - 2 && bony < -12;
        if (!palate) return pack(L.skull, bony < -2 && bony > -4 ? T.marrow : T.bone);
      }
    }
    if (z <= stomion.z && z > mentonZ + 5 && y > 12 && bony < 0 && bony > -11) {
      return pack(L.skull, bony < -3 && bony > -8 && z < stomion.z - 10 ? T.marrow : T.bone);
    }
    const ramus = ellipsoid(a - p.jawWidthMm / 2 + 10, y - 14, z + 30, 4.5, 15, 36);
    if (ramus < 0 && depth > 7) return pack(L.skull, ramus < -2 ? T.marrow : T.bone);
    const arch =
      Math.sqrt((a - p.faceWidthMm / 2 + 9) * (a - p.faceWidthMm / 2 + 9) * 2 + (z - 2) * (z - 2)) - 4;
    if (arch < 0 && y > 2 && y < 48 && depth > 4) return pack(L.skull, T.bone);

    const spine = Math.sqrt(x * x * 0.8 + (y + 10) * (y + 10)) - 12.5;
    if (z < -32 && spine < 0) {
      const level = (z + 400) / 17;
      const disc = level - Math.floor(level) < 0.28;
      return pack(L.spine, disc ? T.cartilage : spine > -1.6 ? T.bone : T.marrow);
    }
    const rear = Math.sqrt(x * x + (y + 32) * (y + 32));
    if (z < -32 && rear < 15 && y < -24) return pack(L.spine, T.bone);

    const tongue = ellipsoid(x, y - 52, z - stomion.z - 2, 23, 30, 19);
    if (tongue < 0) return pack(L.tongue, noise(x, y, z) > 0.7 ? T.fat : T.muscle);

    // Soft tissue: skin, fat, muscle.
    if (d.ear < 1.5 && depth > 1) return pack(soft, T.cartilage);
    if (depth < 1.8) return pack(soft, T.skin);
    if (soft === L.nose && depth > 2.5) return pack(soft, z > nasion.z - 18 ? T.fat : T.cartilage);
    if (soft === L.mouth && depth < skinLabelMm && a < corner && y > stomion.y - 12)
      return pack(soft, T.muscle);
    const vaultRegion = d.cranium > -p.scalpMm - 1 && z > 10;
    const local = noise(x * 0.8 + 31, y * 0.8, z * 0.8 - 17);
    const fatMm = vaultRegion
      ? p.scalpMm - 1
      : p.fatMm + 3.5 * smoothstep(20, 40, a) * smoothstep(10, -30, z) + 2 * local;
    if (depth < fatMm + 1.8) return pack(soft, T.fat);
    return pack(soft, noise(x * 1.1, y * 1.1 + 77, z * 0.5) > 0.7 ? T.fat : T.muscle);
  };
}
