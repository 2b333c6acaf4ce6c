import { readMask, readVolume } from '../../../src-main/files/readVolume.ts';
import { readTemplate } from '../../../src-main/files/readTemplate.ts';
import {
  registerToTemplate,
  type Registration,
} from '../../../src-shared/registration/registerToTemplate.ts';
import { findSuspicions } from '../../../src-shared/suspects/findSuspicions.ts';
import type { Suspicion } from '../../../src-shared/suspects/suspicion.ts';
import { findHead } from '../../../src-shared/views/findHead.ts';
import { affineOf, multiply, type Matrix } from '../../../src-shared/volume/affine.ts';
import type { Volume } from '../../../src-shared/volume/volume.ts';
import { sharedPath } from '../../fixtures/shared.ts';

export const template = await readTemplate();

const read = new Map<string, Promise<Volume>>();

/** Read once a test file. */
export function headOf(name: string): Promise<Volume> {
  const volume = read.get(name) ?? readVolume(sharedPath('data', 'heads', `${name}.nii.gz`));
  read.set(name, volume);
  return volume;
}

/** A head with what a real tool removed set to 0. */
export async function defacedBy(name: string, tool: string): Promise<Volume> {
  const volume = await headOf(name);
  const removed = await readMask(sharedPath('data', 'peers', `${name}_${tool}-removed.nii.gz`), volume);
  return { ...volume, values: volume.values.map((value, n) => (removed.bits[n] === 1 ? 0 : value)) };
}

export function registered(volume: Volume): Registration | null {
  try {
    return registerToTemplate(volume, template);
  } catch {
    return null;
  }
}

export function suspicionsOf(volume: Volume, registration = registered(volume)): Suspicion[] {
  return findSuspicions({
    volume,
    head: findHead(volume),
    brain: null,
    registration,
    template,
    claims: { deidentificationCodes: [] },
  });
}

/** 'likely already-defaced' and so on, sorted. */
export const short = (found: readonly Suspicion[]): string[] =>
  found.map(({ strength, kind }) => `${strength} ${kind}`).sort();

/** The volume with another orientation in its header: the voxels stay, world x, y and z change sign. */
export function flippedWorld(volume: Volume, [x, y, z]: readonly [number, number, number]): Volume {
  const m: Matrix = [x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0];
  return { ...volume, affine: affineOf(multiply(m, volume.affine)) };
}
