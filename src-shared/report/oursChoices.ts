/** Where the paper is silent and this program had to choose; printed in every report so that a reader can tell. */
export const oursChoices: readonly string[] = [
  'A defaced output has the grid, data type, scaling and affine of its original, and every kept voxel its stored value: tools only say where to remove.',
  'Head surfaces: the largest connected part of the smoothed head with cavities filled; an automatic level replaces 3 % of the range where that yields no closed head.',
  'Views are drawn on the CPU, 512 x 512, in the frame of the original, the same bytes on every machine.',
  'Surviving share of the skin surface by region of the face, and brain loss in ml beside the percentage.',
  'What two raters and a third can not settle is decided in a consensus session.',
  'Outer folds of the evaluation: 5, settable, repeated with other seeds, always grouped by person.',
  'Scores are calibrated (Platt) and thresholds set by Learn then Test with one item a person.',
  'Rules before the model: nothing removed, another grid, another person, brain removed from 1 ml on looked at and from 5 ml on failed, more than a trace of eyes, nose or mouth left.',
  'Review queue: passing an insufficient defacing counts ten times a look.',
  'Best defacing of a scan: the one that passes with the least brain loss, then the least head loss.',
  'White stripe: the histogram is smoothed by a Gaussian kernel in place of a spline.',
];
