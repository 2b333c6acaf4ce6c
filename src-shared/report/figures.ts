import { clopperPearson } from '../stats/clopperPearson.ts';
import type { RiskPoint } from '../triage/riskStatement.ts';
import { escapeHtml } from './html.ts';

const svg = (width: number, height: number, title: string, body: string): string =>
  `<figure><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}">${body}</svg><figcaption>${escapeHtml(title)}</figcaption></figure>`;
const at = (value: number): string => value.toFixed(1);

export interface SuccessBar {
  readonly name: string;
  readonly k: number;
  readonly n: number;
}

/** Bars of shares with exact 95 % intervals, counts behind them. */
export function successFigure(title: string, bars: readonly SuccessBar[]): string {
  if (bars.length === 0) return '';
  const [left, width, row] = [170, 360, 26];
  const height = bars.length * row + 34;
  const x = (share: number): number => left + share * width;
  const body = bars
    .map(({ name, k, n }, i) => {
      const y = 10 + i * row;
      const { low, high } = clopperPearson(k, n);
      const share = n === 0 ? 0 : k / n;
      return (
        `<text x="${left - 8}" y="${at(y + 12)}" text-anchor="end">${escapeHtml(name)}</text>` +
        `<rect x="${left}" y="${at(y)}" width="${at(share * width)}" height="16" class="bar"/>` +
        `<path d="M${at(x(low))} ${at(y + 8)}H${at(x(high))}M${at(x(low))} ${at(y + 4)}v8M${at(x(high))} ${at(y + 4)}v8" class="whisker"/>` +
        `<text x="${left + width + 8}" y="${at(y + 12)}">${k} of ${n}</text>`
      );
    })
    .join('');
  const axis = [0, 0.25, 0.5, 0.75, 1]
    .map(
      (share) =>
        `<text x="${at(x(share))}" y="${height - 6}" text-anchor="middle" class="tick">${100 * share} %</text>`,
    )
    .join('');
  return svg(left + width + 90, height, title, body + axis);
}

/** Share decided automatically against the risk that is allowed. */
export function riskCoverageFigure(title: string, curve: readonly RiskPoint[], alpha: number): string {
  const points = curve.filter(({ coverage, lower }) => coverage !== null && lower !== null);
  if (points.length === 0) return '';
  const most = Math.max(...curve.map((point) => point.alpha));
  const x = (risk: number): number => 46 + (risk / most) * 440;
  const y = (coverage: number): number => 190 - coverage * 170;
  const line = points
    .map((point, i) => `${i === 0 ? 'M' : 'L'}${at(x(point.alpha))} ${at(y(point.coverage ?? 0))}`)
    .join('');
  const dots = points
    .map(
      (point) => `<circle cx="${at(x(point.alpha))}" cy="${at(y(point.coverage ?? 0))}" r="3" class="dot"/>`,
    )
    .join('');
  const ticksX = [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3]
    .map(
      (risk) =>
        `<text x="${at(x(risk))}" y="208" text-anchor="middle" class="tick">${Math.round(100 * risk)} %</text>`,
    )
    .join('');
  const ticksY = [0, 0.5, 1]
    .map(
      (share) =>
        `<text x="38" y="${at(y(share) + 4)}" text-anchor="end" class="tick">${100 * share} %</text>`,
    )
    .join('');
  const asked = `<path d="M${at(x(alpha))} 20V190" class="asked"/>`;
  return svg(500, 226, title, `<path d="M46 20V190H486" class="axis"/>${asked}<path d="${line}" class="line"/>${dots}${ticksX}${ticksY}<text x="266" y="223" text-anchor="middle" class="tick">largest share of insufficient defacings passed</text>`); // prettier-ignore
}
