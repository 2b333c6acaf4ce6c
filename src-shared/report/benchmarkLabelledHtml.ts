import type { LabelledResult, StudyResult } from '../benchmark/studyResult.ts';
import { gapInWords, gapRows } from './benchmarkGap.ts';
import { escape, nameOf, number, table, titleOf } from './benchmarkParts.ts';

/** Both sets side by side: what the models are worth beyond the heads they learned from. */
export function gapPart(result: StudyResult, labelled: LabelledResult): string {
  const lines = gapRows(result, labelled).map(
    ({ model, set, simulated, comparable, withinScans, clear, whole }) => [
      `${escape(nameOf(model))}, <span class="soft">${escape(titleOf(set).toLowerCase())}</span>`,
      number(simulated),
      number(comparable),
      number(withinScans),
      number(clear.metrics.auroc),
      number(whole.metrics.auroc),
      number(clear.withinHeadAuroc),
      number(clear.metrics.balancedAccuracy),
      number(clear.bestBalancedAccuracy),
    ],
  );
  const head = [
    'model',
    'simulated',
    'simulated, like labelled',
    'simulated, within scans',
    'labelled, clear rows',
    'labelled, all rows',
    'labelled, within heads',
    'balanced accuracy there',
    'with the best threshold',
  ];
  const words = gapInWords(result, labelled).map((line) => `<p>${escape(line)}</p>`);
  return `<h2>The two sets side by side</h2>
<p class="soft">Lenient, without method flags, AUROC unless said otherwise. The labelled set is ${escape(labelled.table)}: real heads, judged by eye, never learned from.</p>
${table('What was learned from simulated labels, on both sets', head, lines)}${words.join('')}`;
}

/** The labelled set by models, single features and row by row. */
export function labelledPart(labelled: LabelledResult): string {
  const { models: scored, singles, shift, items, leftOut } = labelled;
  return `<h2>The labelled set: ${escape(labelled.table)}</h2>
<p>${String(items.length)} removal masks on ${String(new Set(items.map(({ head }) => head)).size)} real heads, judged by eye by one rater before any of these numbers existed. Test only: nothing was fitted, chosen or tuned on it. ${leftOut.length === 0 ? '' : `Left out: ${leftOut.map(({ mask, reason }) => `${escape(mask)} (${escape(reason)})`).join('; ')}.`} Which mechanism made a mask is not known to the models: those that read method flags see all of them as 0, and the method-free ones are the ones to look at.</p>
${table(
  'Models trained on the simulated set, scored on the labelled set',
  [
    'model',
    'borderline rows',
    'items',
    'insufficient',
    'balanced accuracy',
    'AUROC',
    'sensitivity',
    'specificity',
    'best threshold there',
    'AUROC within heads',
  ],
  scored.flatMap(({ name, results }) =>
    results.map((r) => [
      `<code>${escape(name)}</code>`,
      r.rows,
      String(r.items),
      String(r.insufficient),
      number(r.metrics.balancedAccuracy),
      number(r.metrics.auroc),
      number(r.metrics.sensitivity),
      number(r.metrics.specificity),
      number(r.bestBalancedAccuracy),
      number(r.withinHeadAuroc),
    ]),
  ),
)}
${singles
  .map(({ criterion, rows, items: n, insufficient, singles: list }) =>
    table(
      `Each feature alone on the labelled set, ${criterion}, ${rows} borderline rows (${String(insufficient)} of ${String(n)} insufficient)`,
      ['feature', 'insufficient if', 'AUROC', 'best balanced accuracy'],
      list.map((s) => [
        `<code>${escape(s.feature)}</code>`,
        s.insufficientIf,
        `${number(s.auroc)} <span class="soft">[${number(s.interval?.low)}, ${number(s.interval?.high)}]</span>`,
        number(s.bestBalancedAccuracy),
      ]),
    ),
  )
  .join('')}
${table(
  'Medians of the features in both sets, by lenient label',
  [
    'feature',
    'simulated, adequate',
    'simulated, insufficient',
    'labelled, adequate',
    'labelled, insufficient',
    'labelled beyond all simulated',
  ],
  shift.map((f) => [
    `<code>${escape(f.feature)}</code>`,
    number(f.simulated.adequate, 3),
    number(f.simulated.insufficient, 3),
    number(f.labelled.adequate, 3),
    number(f.labelled.insufficient, 3),
    `${(100 * f.outsideShare).toFixed(0)} %`,
  ]),
)}
<h3>Row by row</h3>
<p class="soft">Calibrated probability of insufficient of the lenient, method-free models beside the verdict: 1 passes strict, 2 lenient only, 3 insufficient; in brackets the other verdict that was near.</p>
${rowByRow(labelled)}`;
}

function rowByRow({ items, models: scored }: LabelledResult): string {
  const shown = scored.filter(
    ({ name, criterion }) => criterion === 'lenient' && name.includes('_method-free_'),
  );
  return table(
    'Scores of the labelled set',
    ['mask', 'verdict', ...shown.map(({ name }) => name.replace('lenient_', '').replace('_method-free', ''))],
    items.map(({ mask, verdict, borderline }, n) => [
      escape(mask.replace(/^.*\//, '').replace('-removed.nii.gz', '')),
      `${String(verdict)}${borderline === null ? '' : ` <span class="soft">(${String(borderline)})</span>`}`,
      ...shown.map(({ scores }) => {
        const { probability, predicted } = scores[n];
        const right = predicted === (verdict === 3 ? 1 : 0);
        return `${number(probability)}${right ? '' : ' <span class="mark">wrong</span>'}`;
      }),
    ]),
  );
}
