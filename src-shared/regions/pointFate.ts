/** What became of one point of the skin: there as it was, taken away, or there but another. */
export const pointFates = { kept: 0, removed: 1, changed: 2 } as const;
