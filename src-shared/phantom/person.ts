import { seededRandom } from '../stats/random.ts';

/**
 * One invented person: the measures that shape head and face, in mm. Person space has its origin midway between
 * the ears (tragion) in the Frankfort plane: x to the person's right, y forward, z up. Means and spreads follow
 * the adult anthropometry of Farkas (Anthropometry of the Head and Face, 2nd ed., 1994) and the US head
 * survey of Zhuang and Bradtmiller (J Occup Environ Hyg 2005); no real person is measured here.
 */
export interface PhantomPerson {
  readonly seed: number;
  /** 0 as the average woman, 1 as the average man; continuous between. */
  readonly masculinity: number;
  readonly headLengthMm: number;
  readonly headWidthMm: number;
  readonly vertexZ: number;
  readonly occiputTiltMm: number;
  readonly foreheadSlopeMm: number;
  readonly glabellaMm: number;
  readonly browRidgeMm: number;
  readonly browArchMm: number;
  readonly faceWidthMm: number;
  readonly jawWidthMm: number;
  readonly jawZ: number;
  readonly chinWidthMm: number;
  readonly chinMm: number;
  readonly mentolabialMm: number;
  readonly faceFlatness: number;
  readonly cheekboneMm: number;
  readonly cheekFullnessMm: number;
  readonly nasolabialMm: number;
  readonly nasion: { readonly y: number; readonly z: number };
  readonly pronasale: { readonly y: number; readonly z: number };
  readonly subnasale: { readonly y: number; readonly z: number };
  readonly stomion: { readonly y: number; readonly z: number };
  readonly pogonion: { readonly y: number; readonly z: number };
  readonly mentonZ: number;
  readonly noseBumpMm: number;
  readonly noseWidthMm: number;
  readonly bridgeWidthMm: number;
  readonly tipWidthMm: number;
  readonly eyeX: number;
  readonly eyeY: number;
  readonly eyeZ: number;
  readonly eyeFissureMm: number;
  readonly eyeTiltMm: number;
  readonly orbitDepthMm: number;
  readonly lidFullnessMm: number;
  readonly mouthWidthMm: number;
  readonly upperLipMm: number;
  readonly lowerLipMm: number;
  readonly lipThicknessMm: number;
  readonly mouthCurveMm: number;
  readonly philtrumMm: number;
  readonly earLengthMm: number;
  readonly earWidthMm: number;
  readonly earFlareMm: number;
  readonly earTilt: number;
  readonly neckHalfWidthMm: number;
  readonly neckY: number;
  /** Sideways shift of the nose tip and the chin, and of the mouth's height from left to right. */
  readonly noseShiftMm: number;
  readonly chinShiftMm: number;
  readonly mouthSlantMm: number;
  readonly scalpMm: number;
  readonly skullMm: number;
  readonly fatMm: number;
  readonly ventricleScale: number;
  readonly cortexSeed: number;
}

/** The person that belongs to a seed (a safe integer); the same seed is always the same person. */
export function phantomPerson(seed: number): PhantomPerson {
  const random = seededRandom(seed, 'person');
  const m = random.uniform(0, 1);
  /** A bounded draw around `mean`: the sum of three uniforms, so no person is grotesque. */
  const draw = (mean: number, spread: number): number =>
    mean + spread * 1.35 * (random.uniform(-1, 1) + random.uniform(-1, 1) + random.uniform(-1, 1)) * 0.74;
  const between = (woman: number, man: number, spread: number): number =>
    draw(woman + (man - woman) * m, spread);

  const headLengthMm = between(187, 198, 5);
  const headWidthMm = between(146, 154, 4.5);
  const faceHeight = between(112, 123, 4.5);
  const noseHeight = between(50, 54, 2.4);
  const nasionZ = draw(27, 1.8);
  const nasionY = headLengthMm * 0.5 - 4 + draw(0, 1.5);
  const subnasaleZ = nasionZ - noseHeight;
  const lipZ = subnasaleZ - between(19.5, 22, 1.6);
  const mentonZ = nasionZ - faceHeight;
  const protrusion = between(18, 20, 1.6);
  const subnasaleY = nasionY + 5 + draw(0, 2);
  const pogonionZ = mentonZ + draw(15, 1.5);
  const faceWidthMm = between(129, 137, 4);
  const eyeZ = nasionZ - draw(8.5, 1.2);
  const eyeY = nasionY - 25 + draw(0, 1);
  return {
    seed,
    masculinity: m,
    headLengthMm,
    headWidthMm,
    vertexZ: between(126, 133, 4),
    occiputTiltMm: draw(0, 6),
    foreheadSlopeMm: between(-2, 3, 2.5),
    glabellaMm: Math.max(0, between(0.5, 2.6, 0.8)),
    browRidgeMm: Math.max(1.2, between(2, 3.6, 0.8)),
    browArchMm: between(3, 1.5, 1),
    faceWidthMm,
    jawWidthMm: between(93, 104, 5),
    jawZ: mentonZ + draw(34, 4),
    chinWidthMm: between(20, 25, 2.5),
    chinMm: Math.max(0.5, between(2.6, 3.8, 1.2)),
    mentolabialMm: Math.max(1, draw(3, 0.9)),
    faceFlatness: draw(0.34, 0.07),
    cheekboneMm: Math.max(1.2, draw(3.6, 1.1)),
    cheekFullnessMm: draw(0, 2),
    nasolabialMm: Math.max(0.2, draw(0.9, 0.4)),
    nasion: { y: nasionY, z: nasionZ },
    pronasale: { y: subnasaleY + protrusion * 0.82, z: subnasaleZ + draw(11.5, 2) },
    subnasale: { y: subnasaleY, z: subnasaleZ },
    stomion: { y: subnasaleY - 4 + draw(0, 1.2), z: lipZ },
    pogonion: { y: subnasaleY - 8 + draw(0, 2.5), z: pogonionZ },
    mentonZ,
    noseBumpMm: between(-0.6, 0.9, 1.1),
    noseWidthMm: between(32, 36, 2.4),
    bridgeWidthMm: draw(10, 1),
    tipWidthMm: draw(11, 1.1),
    eyeX: draw(31.5, 1.4),
    eyeY,
    eyeZ,
    eyeFissureMm: draw(30.5, 1.3),
    eyeTiltMm: draw(1.2, 1.2),
    orbitDepthMm: Math.max(5, between(7, 9, 1.1)),
    lidFullnessMm: draw(6, 0.7),
    mouthWidthMm: between(49, 53, 3),
    upperLipMm: Math.max(4, between(8.6, 7.6, 1.3)),
    lowerLipMm: Math.max(5, between(9.8, 9, 1.3)),
    lipThicknessMm: Math.max(2, draw(3.7, 0.8)),
    mouthCurveMm: draw(0.3, 1.2),
    philtrumMm: Math.max(0.3, draw(0.9, 0.3)),
    earLengthMm: between(58, 63, 3.2),
    earWidthMm: draw(34.5, 1.8),
    earFlareMm: draw(18, 2.4),
    earTilt: draw(0.2, 0.06),
    neckHalfWidthMm: between(48, 56, 2.5),
    neckY: draw(-20, 3),
    noseShiftMm: draw(0, 0.8),
    chinShiftMm: draw(0, 0.9),
    mouthSlantMm: draw(0, 0.5),
    scalpMm: draw(5, 0.6),
    skullMm: draw(5.9, 0.7),
    fatMm: Math.max(1.5, draw(3.6, 1)),
    ventricleScale: Math.max(0.7, draw(1, 0.15)),
    cortexSeed: random.nextUint32(),
  };
}
