import { extractBrainVersion } from '../../src-shared/brain/extractBrain.ts';

/** Versions of our own steps. Raised when the same input gives another result: what rests on them is then redone. */
export const prepareVersion = `3, brain ${extractBrainVersion}`;
export const viewsVersion = '1';
