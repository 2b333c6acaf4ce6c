/**
 * The chance that an insufficient item scores above an adequate one of the same group (head), ties half: what is left of
 * AUROC when heads are not compared with each other. null where no group has both; `pairs` says on how many it rests.
 */
export function withinGroupAuroc(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  groups: readonly string[],
): { readonly auroc: number | null; readonly pairs: number } {
  const members = new Map<string, number[]>();
  for (const [n, group] of groups.entries()) {
    const list = members.get(group);
    if (list === undefined) members.set(group, [n]);
    else list.push(n);
  }
  let [won, pairs] = [0, 0];
  for (const list of members.values()) {
    for (const positive of list) {
      if (labels[positive] !== 1) continue;
      for (const negative of list) {
        if (labels[negative] !== 0) continue;
        pairs++;
        const difference = scores[positive] - scores[negative];
        won += difference > 0 ? 1 : difference === 0 ? 0.5 : 0;
      }
    }
  }
  return { auroc: pairs === 0 ? null : won / pairs, pairs };
}
