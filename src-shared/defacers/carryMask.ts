import { registerRigid, type RigidRegistration } from '../registration/registerRigid.ts';
import { invert, worldTransformOf } from '../volume/affine.ts';
import { resampleMask } from '../volume/resample.ts';
import { countInside, voxelMl, type Mask, type Volume } from '../volume/volume.ts';

export interface CarriedMask {
  /** On the other scan's grid. */
  readonly removal: Mask;
  readonly registration: RigidRegistration;
  /** Removed ml on the other scan's grid over removed ml on the T1's: below 1 where the field cuts the mask. */
  readonly carriedShare: number;
}

/**
 * The removal mask of a session's T1w on another scan of the same session, brought there by shifts and turns through world
 * space. Nothing decides here whether the fit is good enough: `registration.verdict` says, and a poor one must not be used
 * without a person. Errors as `registerRigid`.
 */
export function carryMask({ t1, removal, other }: { t1: Volume; removal: Mask; other: Volume }): CarriedMask {
  const registration = registerRigid(t1, other);
  const carried = resampleMask(removal, {
    onto: other,
    targetToSource: worldTransformOf(invert(registration.movingToFixed)),
  });
  const before = countInside(removal.bits) * voxelMl(removal);
  return {
    removal: carried,
    registration,
    carriedShare: before === 0 ? 0 : (countInside(carried.bits) * voxelMl(carried)) / before,
  };
}
