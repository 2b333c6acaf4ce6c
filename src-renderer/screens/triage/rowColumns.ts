import type { Snippet } from 'svelte';
import type { Column } from '../../parts/column.ts';
import { faceWords } from '../../words/face.ts';
import { triageWords as text } from '../../words/triage.ts';
import type { DefacingFacts } from '../../../src-shared/api/triageCalls.ts';
import { faceRegions } from '../../../src-shared/regions/faceRegion.ts';
import { mostLeft } from '../../../src-shared/regions/mostLeft.ts';
import { mostLeftInWords, percent } from './figures.ts';

type Row = DefacingFacts & { readonly probability: number | null };

/** Columns that every list of defacings here shares; `face` draws the small face, `titleOf` names tools. */
export function rowColumns<T extends Row>(
  face: Snippet<[T]>,
  titleOf: (tool: string) => string,
): Column<T>[] {
  return [
    {
      id: 'face',
      title: text.face,
      width: '40px',
      cell: face,
      text: ({ regions }) => mostLeftInWords(regions),
      sortBy: ({ regions }) => mostLeft(regions)?.share ?? null,
    },
    { id: 'scan', title: text.scan, width: 'minmax(104px, 1.2fr)', text: ({ scan }) => scan },
    { id: 'tool', title: text.tool, width: 'minmax(84px, 1fr)', text: ({ tool }) => titleOf(tool) },
    {
      id: 'p',
      title: text.probability,
      width: '76px',
      align: 'end',
      text: ({ probability }) => percent(probability),
      sortBy: ({ probability }) => probability,
    },
  ];
}

/** What is left of each region, one column a region. */
export const regionColumns = <T extends Row>(): Column<T>[] =>
  faceRegions.map((region) => ({
    id: region,
    title: faceWords[`short_${region}`],
    width: '62px',
    align: 'end',
    text: ({ regions }) => {
      const share = regions[region];
      return share === null ? '–' : `${Math.round(100 * share)} %`;
    },
    sortBy: ({ regions }) => regions[region],
  }));
