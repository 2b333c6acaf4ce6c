import { BufferAttribute, Color, type BufferGeometry } from 'three';
import { pointFates } from '../../src-shared/regions/pointFate.ts';
import type { Surface, SurfaceColour, SurfaceFace } from './surface.ts';

export const skin = new Color(0xcfc6bd);
const untouched = new Color(0x9fb4bd);
const shallow = new Color(0xf2c14e);
const deep = new Color(0xd7263d);
/** Skin of the face that is still there, and what was taken of it, a little and deep. */
const survives = new Color(0xe4572e);
const takenLittle = new Color(0x8fd3c8);
const takenDeep = new Color(0x1f6f8b);
/** Skin that is there but another: refaced, blurred, covered. */
const another = new Color(0x9b6bd6);
/** Less than this is how surfaces differ anyway, mm. */
const shallowestMm = 2.5;
/** Depth at which the colour is full red, mm. */
export const fullDepthMm = 20;

/** Gives a geometry the colours of what is asked for, unless it has them; false where the surface does not know it. */
export function paint(geometry: BufferGeometry, { depthMm, face }: Surface, colour: SurfaceColour): boolean {
  const known = colour === 'depth' ? depthMm : colour === 'face' ? face : null;
  if (known === null || depthMm === null) return false;
  if (geometry.userData.painted === known) return true;
  geometry.userData.painted = known;
  const colours = face !== null && colour === 'face' ? faceColours(depthMm, face) : depthColours(depthMm);
  // The buffer on the card is written anew, not left behind.
  if (geometry.hasAttribute('color')) {
    const attribute = geometry.getAttribute('color') as BufferAttribute;
    attribute.copyArray(colours);
    attribute.needsUpdate = true;
  } else geometry.setAttribute('color', new BufferAttribute(colours, 3));
  return true;
}

/** Grey-blue where nothing was removed, yellow to red with the depth of the cut. */
function depthColours(depthMm: Float32Array): Float32Array {
  const colours = new Float32Array(depthMm.length * 3);
  const mixed = new Color();
  for (const [vertex, depth] of depthMm.entries()) {
    if (depth < shallowestMm) mixed.copy(untouched);
    else mixed.lerpColors(shallow, deep, Math.min(1, depth / fullDepthMm));
    mixed.toArray(colours, vertex * 3);
  }
  return colours;
}

/** Grey outside of the face; in it what survives stands out, and what was taken darkens with the depth of the cut. */
function faceColours(depthMm: Float32Array, { regions, fates }: SurfaceFace): Float32Array {
  const colours = new Float32Array(depthMm.length * 3);
  const mixed = new Color();
  for (const [vertex, depth] of depthMm.entries()) {
    if (regions[vertex] === 0 || fates[vertex] === pointFates.unknown) mixed.copy(skin);
    else if (fates[vertex] === pointFates.kept) mixed.copy(survives);
    else if (fates[vertex] === pointFates.changed) mixed.copy(another);
    else mixed.lerpColors(takenLittle, takenDeep, Math.min(1, depth / fullDepthMm));
    mixed.toArray(colours, vertex * 3);
  }
  return colours;
}
