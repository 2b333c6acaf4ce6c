/** How the decisions of a model fall on a part of the items. */
export interface GroupRecall {
  readonly group: string;
  readonly insufficient: number;
  /** Share of insufficient items called so; null where there are none. */
  readonly sensitivity: number | null;
  readonly adequate: number;
  /** Share of adequate items called so; null where there are none. */
  readonly specificity: number | null;
}

export interface DecidedItem {
  readonly group: string;
  readonly label: number;
  readonly predicted: number;
}

/** Sensitivity and specificity of each group, in the order the groups first come. */
export function recallByGroup(items: readonly DecidedItem[]): GroupRecall[] {
  const cells = new Map<string, [caught: number, insufficient: number, cleared: number, adequate: number]>();
  for (const { group, label, predicted } of items) {
    const cell = cells.get(group) ?? [0, 0, 0, 0];
    cells.set(group, cell);
    if (label === 1) {
      cell[0] += predicted;
      cell[1]++;
    } else {
      cell[2] += 1 - predicted;
      cell[3]++;
    }
  }
  return [...cells].map(([group, [caught, insufficient, cleared, adequate]]) => ({
    group,
    insufficient,
    sensitivity: insufficient === 0 ? null : caught / insufficient,
    adequate,
    specificity: adequate === 0 ? null : cleared / adequate,
  }));
}

/** A dose as a band of its range, for grading: 'shift 3-8 mm'. */
export function doseBand(kind: string, dose: number, unit: string): string {
  const edges = bands[kind] as readonly number[] | undefined;
  if (edges === undefined) return '';
  const above = edges.findIndex((edge) => dose < edge);
  const [low, high] =
    above < 0 ? [edges.at(-1), null] : [above === 0 ? null : edges[above - 1], edges[above]];
  if (low === null) return `below ${String(high)} ${unit}`;
  return high === null ? `from ${String(low)} ${unit}` : `${String(low)} to ${String(high)} ${unit}`;
}

const bands: Readonly<Record<string, readonly number[]>> = {
  shift: [8, 15],
  tilt: [10, 17],
  scale: [0.85, 1, 1.12],
  shallow: [8, 15],
  'eyes-kept': [8, 14],
  'nose-tip-kept': [6, 11],
  'lip-kept': [10, 18],
  'side-kept': [15, 32],
  'frontal-cut': [3, 15],
};
