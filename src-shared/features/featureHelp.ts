import { allFeatures } from '../predictors/predictors.ts';

const shared = new Map(allFeatures.flatMap(({ id, help }) => (help === undefined ? [] : [[id, help]])));

/** The help page of a feature: its own, or the one it shares with others of its kind. */
export const featureHelp = (id: string): string => shared.get(id) ?? id;
