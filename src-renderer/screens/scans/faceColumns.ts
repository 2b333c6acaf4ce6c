import type { Snippet } from 'svelte';
import type { Column } from '../../parts/column.ts';
import { faceWords } from '../../words/face.ts';
import { scanWords as text } from '../../words/scans.ts';
import type { FaceProfile } from '../../../src-shared/features/faceProfile.ts';
import { faceRegions, stateOf, type FaceRegion } from '../../../src-shared/regions/faceRegion.ts';
import type { Verdict } from '../../../src-shared/rating/verdict.ts';
import { regionLink } from './regionLink.ts';

/** A defacing with what its measurements say. */
export interface FaceRow {
  readonly id: string;
  readonly scanId: string;
  readonly scan: string;
  readonly tool: string;
  readonly toolTitle: string;
  readonly profile: FaceProfile;
}

const tones = { gone: 'good', trace: 'warn', present: 'bad' } as const;
const verdictTones: Readonly<Record<Verdict, 'good' | 'warn' | 'bad'>> = { 1: 'good', 2: 'warn', 3: 'bad' };

const percent = (share: number): number => Math.round(100 * share);

export function ruleInWords({ byRule }: FaceProfile): string {
  if (byRule === null) return '–';
  return byRule.verdict === null ? text.ruleNull : text[`rule${byRule.verdict}`];
}

export function brainInWords({ brainLossMl: ml, brainPlace: place }: FaceProfile): string {
  if (ml === null) return '–';
  const digits = ml.toFixed(1);
  return place === null
    ? text.ml({ ml: digits })
    : text.mlPlace({ ml: digits, place: text[`place_${place}`] });
}

/** `face` draws the small face. */
export function faceColumns(face: Snippet<[FaceRow]>): Column<FaceRow>[] {
  return [
    {
      id: 'face',
      title: text.face,
      width: '36px',
      cell: face,
      text: ({ profile }) => ruleInWords(profile),
      sortBy: ({ profile }) => profile.worst?.share ?? null,
    },
    { id: 'scan', title: text.scan, width: 'minmax(96px, 1.4fr)', text: ({ scan }) => scan },
    { id: 'tool', title: text.tool, width: 'minmax(104px, 1fr)', text: ({ toolTitle }) => toolTitle },
    {
      id: 'rule',
      title: text.byRule,
      width: '132px',
      text: ({ profile }) => ruleInWords(profile),
      sortBy: ({ profile }) => profile.byRule?.verdict ?? null,
      tone: ({ profile: { byRule } }) =>
        byRule === null ? null : byRule.verdict === null ? 'neutral' : verdictTones[byRule.verdict],
    },
    {
      id: 'most',
      title: text.most,
      width: '92px',
      text: ({ profile: { worst } }) =>
        worst === null
          ? '–'
          : text.mostOf({ region: faceWords[`short_${worst.region}`], percent: percent(worst.share) }),
      sortBy: ({ profile }) => profile.worst?.share ?? null,
      href: ({ scanId, tool, profile: { worst } }) =>
        worst === null ? null : regionLink(scanId, tool, worst.region),
      tone: ({ profile: { worst } }) => (worst === null ? null : tones[stateOf(worst.share)]),
    },
    {
      id: 'brain',
      title: text.brainLoss,
      width: '104px',
      align: 'end',
      text: ({ profile }) => brainInWords(profile),
      sortBy: ({ profile }) => profile.brainLossMl,
    },
    ...faceRegions.map(regionColumn),
  ];
}

const regionColumn = (region: FaceRegion): Column<FaceRow> => ({
  id: region,
  title: faceWords[`short_${region}`],
  width: region === 'forehead' ? '60px' : '52px',
  align: 'end',
  text: ({ profile }) => {
    const share = profile.surviving[region];
    return share === null ? '–' : `${percent(share)} %`;
  },
  sortBy: ({ profile }) => profile.surviving[region],
  href: ({ scanId, tool, profile }) =>
    profile.surviving[region] === null ? null : regionLink(scanId, tool, region),
  tone: ({ profile }) => {
    const share = profile.surviving[region];
    return share === null ? null : tones[stateOf(share)];
  },
});
