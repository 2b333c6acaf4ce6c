/** The five standard views. `left` shows the subject's left side; `left45` lies half way between front and left. */
export const viewNames = ['front', 'left', 'right', 'left45', 'right45'] as const;
export type ViewName = (typeof viewNames)[number];
