/**
 * The words raters judge by unless a study writes its own. Strict and lenient after the DefaceQA paper (BMC Med Imaging
 * 2026;26:109); that eyeballs do not count, and the guide, are ours.
 */
export const defaultCriterionText = {
  strict:
    'Mouth, nose and eyes, with the soft tissue over them, are all gone, and so is most of the cheeks and of the jaw. ' +
    'Eyeballs inside the orbit are not a facial feature; the eyelids and the skin over them are.',
  lenient:
    'The face as a whole is gone. A small trace of one feature may remain: partly visible eyelids, the lower lip, or the ' +
    'tip of the nose.',
  guide:
    'Give 1 when the defaced head passes strict, 2 when it passes lenient only, 3 when it passes neither. With a 3 name what ' +
    'remains. Judge the face and the brain apart: mark "brain cut" when brain tissue was removed, whatever the face looks ' +
    'like. Exclude the original, not the defacing, when it was defaced before, does not show the whole head, or is not ' +
    'rendered rightly.',
} as const;
