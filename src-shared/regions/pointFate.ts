/** What became of one point of the skin: there as it was, taken away, there but another; or no tissue was found under it. */
export const pointFates = { kept: 0, removed: 1, changed: 2, unknown: 3 } as const;
