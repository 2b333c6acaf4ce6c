/** Words that labels of people, visits and sequences are made of in this field; none of them is a name. */
const neutral = new Set(
  (
    'sub subj subject p pat patient c con ctl ctrl control hc healthy case pilot phantom test retest s scan ses session visit ' +
    'v baseline base bl followup fu pre post month year week day m y t a b d e f g x id no nr run site center centre mri head demo sample ' +
    't1 t2 t1w t2w pd flair mprage mp2rage mpr space cube vfl spgr fspgr gre tse tfe ffe bravo ir se fl fl2d fl3d ' +
    'highres hires lowres iso tra sag cor ax axial sagittal coronal gd ce norm orig nd dis2d dis3d rms'
  ).split(' '),
);

/**
 * Whether a BIDS label reads as a code: digits, single letters and words of the field. Any other run of letters may be
 * somebody's name, which no program can tell.
 */
export const isCode = (label: string): boolean =>
  (label.match(/\p{L}+/gu) ?? []).every((run) => {
    const word = run.toLowerCase();
    return word.length <= 2 || neutral.has(word) || neutral.has(label.toLowerCase()) || isHex(label);
  });

/** A hash rather than a word: eight or more hexadecimal digits, a digit among the letters. */
const isHex = (label: string): boolean => /^x?[0-9a-f]{8,}$/i.test(label) && /\d.*\d/.test(label);
