import type { SuspicionCheck } from './check.ts';

/** DICOM code (CID 7050) of the option that removes what makes a face recognisable. */
const faceOption = '113102';
/** Words of methods that take faces away or replace them, as programs write them. */
const methodWords =
  /defac|refac|face[ _-]?(removal|mask|off|blur)|mideface|quickshear|deepdefacer|recogni[sz]able visual/i;

/** What the file says of itself. Anybody can write it, and it survives being wrong: a claim is shown as a claim. */
export const defacingClaimed: SuspicionCheck = {
  kind: 'defacing-claimed',
  find: ({ input }) => {
    const codes = input.claims.deidentificationCodes;
    const coded = codes.some((code) => code.trim() === faceOption);
    const worded = codes.some((code) => methodWords.test(code));
    if (!coded && !worded) return null;
    const where = coded
      ? `The file carries the DICOM code ${faceOption} (recognisable visual features cleaned)`
      : 'The file names a defacing method among its de-identification methods';
    return {
      strength: 'possible',
      sentence: `${where}. This is what the file says of itself, not something seen in the image.`,
      facts: { deidentificationCodes: codes.length },
    };
  },
};
