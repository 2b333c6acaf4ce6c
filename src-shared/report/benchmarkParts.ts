import { featureSets } from '../benchmark/benchmarkTable.ts';
import { simulatedLabels } from '../benchmark/studyResult.ts';
import type { MetricSummary } from '../model/assembleEvaluation.ts';
import type { BaselineId } from '../model/baselines.ts';
import { baselineTitles } from '../model/modelCardHtml.ts';
import { models, type ModelId } from '../model/models.ts';

/** Parts of the pages of a benchmark: numbers, bars and tables that say what their labels are. */
export const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c);
export const number = (value: number | null | undefined, digits = 2): string =>
  value === null || value === undefined || Number.isNaN(value) ? 'n/a' : value.toFixed(digits);

export const nameOf = (id: ModelId | BaselineId): string =>
  id in models ? models[id as ModelId].title : baselineTitles[id as BaselineId];

export const table = (
  caption: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string =>
  `<figure><figcaption>${escape(caption)} <span class="mark">${simulatedLabels}</span></figcaption><div class="scroll"><table><thead><tr>${head
    .map((cell) => `<th scope="col">${escape(cell)}</th>`)
    .join('')}</tr></thead><tbody>${rows
    .map(
      (cells) =>
        `<tr>${cells.map((cell, n) => (n === 0 ? `<th scope="row">${cell}</th>` : `<td>${cell}</td>`)).join('')}</tr>`,
    )
    .join('')}</tbody></table></div></figure>`;

export const meanSd = (m: MetricSummary): string => `${number(m.mean)} (${number(m.sd)})`;
export const pooled = (m: MetricSummary): string =>
  `${number(m.pooled)}${m.interval === null ? '' : ` <span class="soft">[${number(m.interval.low)}, ${number(m.interval.high)}]</span>`}`;

/** A bar from 0 to 1 behind a number. */
export const share = (value: number | null): string =>
  value === null
    ? '<span class="soft">none</span>'
    : `<span class="bar" style="--share:${(100 * value).toFixed(1)}%">${number(value)}</span>`;

export const percentOf = (part: number, whole: number): string =>
  whole === 0 ? 'n/a' : `${((100 * part) / whole).toFixed(0)} %`;
export const titleOf = (set: string): string => featureSets.find(({ id }) => id === set)?.title ?? set;
