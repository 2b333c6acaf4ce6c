import type { DefacingRow } from '../../src-shared/api/contract.ts';
import type { Defacing } from '../../src-shared/domain/study.ts';
import type { Engine } from './engine.ts';

/** A defacing with everything measured of it. */
export const defacingRow = ({ derived }: Pick<Engine, 'derived'>, defacing: Defacing): DefacingRow => ({
  ...defacing,
  features: derived.features(defacing.id),
  refaced: defacing.details.refaced === true,
  raw: derived.raw(defacing.id),
});
