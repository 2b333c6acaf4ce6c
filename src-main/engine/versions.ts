/** Versions of our own steps. Raised when the same input gives another result: what rests on them is then redone. */
export const prepareVersion = '1';
export const viewsVersion = '1';
