import { features } from './features.ts';

const shared = new Map(features.flatMap(({ id, help }) => (help === undefined ? [] : [[id, help]])));

/** The help page of a feature: its own, or the one it shares with others of its kind. */
export const featureHelp = (id: string): string => shared.get(id) ?? id;
