import { hashOf } from '../../routes.ts';
import type { FaceRegion } from '../../../src-shared/regions/faceRegion.ts';

/** What follows `compare` in the address of one defacing in 3D, turned to a part of the face. */
export const regionPlace = (scanId: string, tool: string, region: FaceRegion): string =>
  `${scanId}/${tool}/${region}`;

export const regionLink = (scanId: string, tool: string, region: FaceRegion): string =>
  hashOf({ route: 'compare', rest: regionPlace(scanId, tool, region) });
