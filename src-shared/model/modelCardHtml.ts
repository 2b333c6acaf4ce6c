import type { Interval } from '../stats/clusterBootstrap.ts';
import type { MetricSummary } from './assembleEvaluation.ts';
import type { BaselineId } from './baselines.ts';
import { featureTitle } from './explainInWords.ts';
import type { MetricName } from './metrics.ts';
import type { ModelCard } from './modelCard.ts';

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c);
const number = (value: number | null, digits = 2): string => (value === null ? 'n/a' : value.toFixed(digits));
const interval = (value: Interval | null): string =>
  value === null ? '' : ` [${value.low.toFixed(2)}, ${value.high.toFixed(2)}]`;
const row = (cells: readonly string[]): string =>
  `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<table><thead><tr>${head.map((cell) => `<th scope="col">${escape(cell)}</th>`).join('')}</tr></thead><tbody>${rows
    .map(row)
    .join('')}</tbody></table>`;
const list = (lines: readonly string[]): string =>
  `<ul>${lines.map((line) => `<li>${escape(line)}</li>`).join('')}</ul>`;

export const metricTitles: Readonly<Record<MetricName, string>> = {
  accuracy: 'Accuracy',
  specificity: 'Specificity',
  sensitivity: 'Sensitivity',
  precision: 'Precision',
  balancedAccuracy: 'Balanced accuracy',
  auroc: 'AUROC',
  brier: 'Brier score',
  calibrationSlope: 'Calibration slope',
  calibrationIntercept: 'Calibration intercept',
};
export const baselineTitles: Readonly<Record<BaselineId, string>> = {
  'always-insufficient': 'Always insufficient',
  'method-only': 'Tool alone',
  'best-single-feature': 'Best single feature',
};

/** A model card as one self-contained page: no scripts, nothing fetched; prints on A4. */
export function modelCardHtml(card: ModelCard): string {
  const { evaluation, data } = card;
  const metric = (m: MetricSummary): string[] => [
    `${number(m.mean)} (${number(m.sd)})`,
    `${number(m.pooled)}${interval(m.interval)}`,
  ];
  const title = `${card.name}, version ${card.version} (${card.criterion})`;
  const { truePositive, falsePositive, falseNegative, trueNegative } = evaluation.confusion;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Model card: ${escape(title)}</title><style>
body{font:14px/1.5 system-ui,sans-serif;max-width:860px;margin:32px auto;padding:0 24px;color:#182028;background:#fff}
h1{font-size:24px;margin:0}h2{font-size:16px;margin:28px 0 8px;border-bottom:1px solid #d9e0e5;padding-bottom:4px}
table{border-collapse:collapse;width:100%;margin:8px 0}th,td{text-align:left;padding:4px 12px 4px 0;border-bottom:1px solid #e6ebee;vertical-align:top;font-variant-numeric:tabular-nums}
th{color:#4a5763;font-weight:600;font-size:12px}.soft{color:#4a5763}code,pre{font:12px/1.5 ui-monospace,monospace;overflow-wrap:anywhere;white-space:pre-wrap}
.charts{display:flex;gap:24px;flex-wrap:wrap}svg{width:300px;height:300px}@media print{body{margin:0}h2{break-after:avoid}}
</style></head><body>
<h1>${escape(title)}</h1>
<p class="soft">${escape(card.kind.title)} (method version ${card.kind.version}), ${card.usesMethod ? 'with' : 'without'} tool flags. Kept ${escape(card.createdAt)}${card.createdBy === null ? '' : ` by ${escape(card.createdBy)}`}, DefaceQA Workstation ${escape(card.software)}, study ${escape(card.study)}.<br>SHA-256 <code>${escape(card.hash)}</code></p>
<h2>What it is for, and its limits</h2>${list(card.limits)}
<h2>Data</h2>
<p>${data.items} defacings of ${data.persons} persons; ${data.insufficient} insufficient, ${data.items - data.insufficient} adequate.</p>
${table(
  ['Tool', 'Defacings', 'Insufficient', 'Persons'],
  data.byTool.map((g) => [escape(g.name), String(g.items), String(g.insufficient), String(g.persons)]),
)}
${table(
  ['Contrast', 'Defacings', 'Insufficient', 'Persons'],
  data.byContrast.map((g) => [escape(g.name), String(g.items), String(g.insufficient), String(g.persons)]),
)}
${data.leftOut.length === 0 ? '' : `<p>Left out:</p>${list(data.leftOut.map(({ reason, items }) => `${items}: ${reason}`))}`}
${data.leftOutFeatures.length === 0 ? '' : `<p>Features left out:</p>${list(data.leftOutFeatures.map(({ feature, reason }) => `${featureTitle(feature)}: ${reason}`))}`}
<h2>Performance on persons it had not learned from</h2>
${table(
  ['', `Mean (SD) over ${card.foldCount} folds`, 'All items together [95 % interval]'],
  Object.entries(evaluation.metrics).map(([name, m]) => [metricTitles[name as MetricName], ...metric(m)]),
)}
<p>Average precision ${number(evaluation.averagePrecision)}. Of the items of the first repeat: ${truePositive} insufficient found, ${falseNegative} insufficient missed, ${trueNegative} adequate passed, ${falsePositive} adequate called insufficient.</p>
<div class="charts">${curve(
    'ROC: sensitivity over false positive rate',
    evaluation.roc.map(({ x, y }) => [x, y]),
    [],
  )}${curve(
    'Reliability: share insufficient over probability',
    evaluation.reliability.map((bin) => [bin.meanProbability, bin.share]),
    evaluation.reliability.map((bin) => [bin.meanProbability, bin.interval.low, bin.interval.high]),
  )}</div>
<h3>To stand beside</h3>
${table(
  ['Baseline', 'Balanced accuracy', 'AUROC'],
  card.baselines.map((b) => [baselineTitles[b.id], metric(b.balancedAccuracy)[1], metric(b.auroc)[1]]),
)}
${
  card.toolOut.length === 0
    ? ''
    : `<h3>With one tool left out of training and tested on it</h3>${table(
        ['Tool', 'Defacings', 'Balanced accuracy', 'AUROC'],
        card.toolOut.map((t) => [
          escape(t.tool),
          String(t.items),
          number(t.balancedAccuracy),
          number(t.auroc),
        ]),
      )}`
}
<h2>Features</h2>
${table(
  ['Feature', 'Version', 'Trained from', 'to', 'Chosen in folds'],
  card.features.map((f) => [
    `${escape(f.title)} <code>${escape(f.id)}</code>`,
    String(f.version),
    f.low.toPrecision(4),
    `${f.high.toPrecision(4)} ${escape(f.unit)}`,
    `${card.chosen.find(({ feature }) => feature === f.id)?.folds ?? 0} of ${card.foldCount}`,
  ]),
)}
${table(
  ['Importance', 'Mean fall of AUROC (SD)', 'Folds'],
  card.importance.map((i) => [
    escape(featureTitle(i.name)),
    `${i.mean.toFixed(3)} (${i.sd.toFixed(3)})`,
    String(i.folds),
  ]),
)}
<h2>How it decides, roughly</h2>
${
  card.surrogate === null
    ? '<p>No shallow tree imitates it.</p>'
    : `<p>A shallow tree that decides as the model does for ${(100 * card.surrogate.fidelity).toFixed(0)} % of the training items:</p><pre>${escape(card.surrogate.rules.join('\n'))}</pre>`
}
<h2>Settings</h2>
<p><code>${escape(JSON.stringify(card.settings))}</code></p>
<p>Calibration: slope ${number(card.calibration.slope, 3)}, intercept ${number(card.calibration.intercept, 3)}. Called insufficient from a probability of ${number(card.threshold, 3)}.</p>
<h2>How it was evaluated</h2>${list(card.methodNotes)}
${table(
  ['Repeat', 'Fold', 'Defacings', 'Persons', 'Insufficient'],
  evaluation.folds.flatMap((folds, repeat) =>
    folds.map((f) => [
      String(repeat + 1),
      String(f.fold + 1),
      String(f.items),
      String(f.persons),
      `${(100 * f.insufficientShare).toFixed(0)} %`,
    ]),
  ),
)}
</body></html>
`;
}

/** A line over the unit square with its diagonal; bars are [x, low, high]. */
function curve(
  title: string,
  points: readonly (readonly [number, number])[],
  bars: readonly (readonly [number, number, number])[],
): string {
  const x = (value: number): string => (30 + 240 * value).toFixed(1);
  const y = (value: number): string => (250 - 240 * value).toFixed(1);
  const path = points.map(([px, py], i) => `${i === 0 ? 'M' : 'L'}${x(px)},${y(py)}`).join('');
  const dots = bars.length === 0 ? [] : points;
  return `<svg viewBox="0 0 290 290" role="img" aria-label="${escape(title)}"><rect x="30" y="10" width="240" height="240" fill="none" stroke="#9aa7b2"/><path d="M30,250L270,10" stroke="#9aa7b2" stroke-dasharray="4 4" fill="none"/>${bars
    .map(([px, low, high]) => `<path d="M${x(px)},${y(low)}L${x(px)},${y(high)}" stroke="#0b6b80"/>`)
    .join('')}<path d="${path}" stroke="#0b6b80" stroke-width="2" fill="none"/>${dots
    .map(([px, py]) => `<circle cx="${x(px)}" cy="${y(py)}" r="3" fill="#0b6b80"/>`)
    .join(
      '',
    )}<text x="150" y="276" text-anchor="middle" font-size="11" fill="#4a5763">${escape(title)}</text></svg>`;
}
