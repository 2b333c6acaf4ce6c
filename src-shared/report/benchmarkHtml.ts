import { mechanisms, mechanismIds } from '../benchmark/mechanisms.ts';
import type { LabelledResult, CriterionResult, ModelRow, StudyResult } from '../benchmark/studyResult.ts';
import { simulatedLabels } from '../benchmark/studyResult.ts';
import type { GroupRecall } from '../benchmark/recallByGroup.ts';
import { featureSets } from '../benchmark/benchmarkTable.ts';
import { baselineTitles } from '../model/modelCardHtml.ts';
import { models, type ModelId } from '../model/models.ts';
import type { BaselineId } from '../model/baselines.ts';
import type { MetricSummary } from '../model/assembleEvaluation.ts';
import { evaluationName } from './benchmarkTables.ts';
import { gapInWords, gapRows } from './benchmarkGap.ts';

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c);
const number = (value: number | null | undefined, digits = 2): string =>
  value === null || value === undefined || Number.isNaN(value) ? 'n/a' : value.toFixed(digits);

/** The paper's random forest (doi 10.1186/s12880-026-02207-4), on another data set, labels by raters. Its printed AUROC is balanced accuracy. */
const paperForest: Readonly<Record<string, readonly string[]>> = {
  'lenient with': ['0.85', '0.86', '0.82', '0.79', '0.84'],
  'strict with': ['0.81', '0.89', '0.76', '0.89', '0.82'],
  'lenient without': ['0.82', '0.86', '0.74', '0.77', '0.80'],
  'strict without': ['0.78', '0.81', '0.74', '0.83', '0.78'],
};

const nameOf = (id: ModelId | BaselineId): string =>
  id in models ? models[id as ModelId].title : baselineTitles[id as BaselineId];

const table = (caption: string, head: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<figure><figcaption>${escape(caption)} <span class="mark">${simulatedLabels}</span></figcaption><div class="scroll"><table><thead><tr>${head
    .map((cell) => `<th scope="col">${escape(cell)}</th>`)
    .join('')}</tr></thead><tbody>${rows
    .map(
      (cells) =>
        `<tr>${cells.map((cell, n) => (n === 0 ? `<th scope="row">${cell}</th>` : `<td>${cell}</td>`)).join('')}</tr>`,
    )
    .join('')}</tbody></table></div></figure>`;

const meanSd = (m: MetricSummary): string => `${number(m.mean)} (${number(m.sd)})`;
const pooled = (m: MetricSummary): string =>
  `${number(m.pooled)}${m.interval === null ? '' : ` <span class="soft">[${number(m.interval.low)}, ${number(m.interval.high)}]</span>`}`;

/** A bar from 0 to 1 behind a number. */
const share = (value: number | null): string =>
  value === null
    ? '<span class="soft">none</span>'
    : `<span class="bar" style="--share:${(100 * value).toFixed(1)}%">${number(value)}</span>`;

/** The study as one self-contained page: no scripts, nothing fetched. */
export function benchmarkHtml(result: StudyResult): string {
  const { counts, heads, settings, labelled } = result;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Benchmark study, seed ${String(result.seed)}: ${simulatedLabels}</title><style>
:root{color-scheme:light dark;--ink:#182028;--soft:#566370;--line:#dfe5ea;--page:#fff;--bar:#cfe3f3;--mark:#8a4b00;--band:#fff6e8}
@media(prefers-color-scheme:dark){:root{--ink:#e6ebef;--soft:#9aa7b3;--line:#303a44;--page:#14191e;--bar:#24425c;--mark:#f0b866;--band:#2a2214}}
body{font:14px/1.5 system-ui,sans-serif;max-width:1040px;margin:0 auto;padding:56px 24px 48px;color:var(--ink);background:var(--page)}
.banner{position:fixed;inset:0 0 auto 0;background:var(--band);color:var(--mark);padding:6px 24px;font-weight:600;text-align:center;border-bottom:1px solid var(--line)}
h1{font-size:26px;margin:0 0 4px}h2{font-size:18px;margin:36px 0 8px;border-bottom:1px solid var(--line);padding-bottom:4px}h3{font-size:15px;margin:24px 0 4px}
figure{margin:16px 0}figcaption{font-weight:600;margin-bottom:4px}.mark{font-weight:400;font-size:12px;color:var(--mark)}.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:3px 12px 3px 0;border-bottom:1px solid var(--line);font-variant-numeric:tabular-nums;white-space:nowrap}
thead th{color:var(--soft);font-size:12px;white-space:normal;vertical-align:bottom}tbody th{font-weight:400}.soft{color:var(--soft)}
.bar{display:inline-block;min-width:110px;padding:0 4px;background:linear-gradient(90deg,var(--bar) var(--share),transparent 0)}
@media print{.banner{position:static}body{padding:0}h2{break-after:avoid}}
</style></head><body>
<div class="banner" role="note">${simulatedLabels}: invented heads, labels from their label maps by rule, no rater</div>
<h1>Benchmark study, seed ${String(result.seed)}</h1>
<p class="soft">DefaceQA Workstation ${escape(result.softwareVersion)}. Rebuild with <code>defaceqa bench-study --seed ${String(result.seed)} --scans ${String(settings.scans)}${settings.coarser === 1 ? '' : ` --coarser ${String(settings.coarser)}`} --out FOLDER</code>. Method and limits: docs/benchmark.md.</p>
${labelled === null ? '' : gapPart(result, labelled)}
<h2>What was made</h2>
<p>${String(counts.persons)} invented persons, ${String(counts.scans)} scans (${String(counts.flair)} FLAIR, ${String(counts.scans - counts.flair)} T1w), ${String(mechanismIds.length)} ways of defacing each: ${String(counts.defacings)} defacings. By rule ${String(counts.verdicts[1])} pass strict, ${String(counts.verdicts[2])} pass lenient only, ${String(counts.verdicts[3])} are insufficient (lenient ${percentOf(counts.verdicts[3], counts.defacings)}, strict ${percentOf(counts.verdicts[3] + counts.verdicts[2], counts.defacings)}). The lenient label of ${String(counts.nearThreshold)} turns when the line between trace and present moves from 10 % to 5, 20 or 30 %.</p>
<p>The program's own registration found ${String(heads.registered)} of ${String(counts.scans)} heads and called ${String(heads.brainPlausible)} brain masks plausible; the median overlap with the true brain is ${number(heads.medianBrainDice)} (Dice). ${number(heads.secondsPerScan, 1)} s a head with its defacings and all measurements, in one thread.</p>
${table(
  'Verdicts by rule',
  ['', 'passes strict', 'lenient only', 'insufficient'],
  [
    ...counts.byMechanism.map(({ mechanism, verdicts }) => [escape(mechanism), ...verdictCells(verdicts)]),
    ...counts.byFailure.map(({ failure, verdicts }) => [escape(failure), ...verdictCells(verdicts)]),
  ],
)}
<h2>Models, as in the paper's tables</h2>
<p class="soft">Mean (standard deviation) over five outer folds by person, as the paper prints it; pooled out-of-fold AUROC with a 95 % interval over persons. The figures of the paper are those of another data set and of raters, and stand here for orientation only; what it prints as AUROC is balanced accuracy.</p>
${result.results.map(modelTables).join('')}
<h2>Leaving a mechanism out, and from one contrast to the other</h2>
${result.results.map(transferTable).join('')}
<h2>What is caught, by what was done</h2>
${result.results
  .filter(({ set }) => set === 'paper-8')
  .map(recallTables)
  .join('')}
<h2>Single features</h2>
<p class="soft">Direction chosen on the same items; the best balanced accuracy is that of the best threshold on the same items: upper bounds.</p>
${result.singles
  .map(({ criterion, singles }) =>
    table(
      `Each feature alone, ${criterion}`,
      ['feature', 'insufficient if', 'AUROC', 'best balanced accuracy', 'no value'],
      singles.map((s) => [
        `<code>${escape(s.feature)}</code>`,
        s.insufficientIf,
        `${number(s.auroc)} <span class="soft">[${number(s.interval?.low)}, ${number(s.interval?.high)}]</span>`,
        number(s.bestBalancedAccuracy),
        String(s.missing),
      ]),
    ),
  )
  .join('')}
<h2>How much hangs on the cut points</h2>
${table(
  "Labels by other cut points, logistic regression on the paper's features",
  ['cut points', 'criterion', 'insufficient', 'labels changed', 'AUROC', 'balanced accuracy'],
  result.cutPoints.map((row) => [
    escape(row.name),
    row.criterion,
    `${String(row.insufficient)} (${percentOf(row.insufficient, counts.defacings)})`,
    String(row.changed),
    number(row.auroc),
    number(row.balancedAccuracy),
  ]),
)}
${labelled === null ? '' : labelledPart(labelled)}
</body></html>
`;
}

const percentOf = (part: number, whole: number): string =>
  whole === 0 ? 'n/a' : `${((100 * part) / whole).toFixed(0)} %`;
const verdictCells = (verdicts: Readonly<Record<1 | 2 | 3, number>>): string[] =>
  ([1, 2, 3] as const).map((verdict) => String(verdicts[verdict]));
const titleOf = (set: string): string => featureSets.find(({ id }) => id === set)?.title ?? set;

function modelTables({ criterion, set, rows, insufficient, items }: CriterionResult): string {
  const head = [
    'model',
    'accuracy',
    'specificity',
    'sensitivity',
    'precision',
    'balanced accuracy',
    'AUROC, pooled',
    'Brier',
  ];
  const line = (row: ModelRow): string[] => {
    const m = row.metrics;
    return [
      escape(nameOf(row.model)),
      ...[m.accuracy, m.specificity, m.sensitivity, m.precision, m.balancedAccuracy].map(meanSd),
      pooled(m.auroc),
      number(m.brier.pooled, 3),
    ];
  };
  const paper = (which: 'with' | 'without'): string[] => [
    '<span class="soft">random forest of the paper, another data set</span>',
    ...paperForest[`${criterion} ${which}`].map((cell) => `<span class="soft">${cell}</span>`),
    '<span class="soft">not printed</span>',
    '',
  ];
  const part = (variant: 'all' | 'without-method'): string[][] =>
    rows.filter((row) => row.variant === variant && row.tool === null).map(line);
  return `<h3>${escape(titleOf(set))}, ${criterion} (${String(insufficient)} of ${String(items)} insufficient)</h3>${table(
    `Table 1: with the method flags, ${criterion}`,
    head,
    [...part('all'), ...(set === 'paper-8' ? [paper('with')] : [])],
  )}${table(`Table 3: without the method flags, ${criterion}`, head, [
    ...part('without-method'),
    ...(set === 'paper-8' ? [paper('without')] : []),
  ])}`;
}

function transferTable({ criterion, set, rows, transfer, notes }: CriterionResult): string {
  const left = [...rows.filter(({ tool }) => tool !== null), ...transfer];
  return `${table(
    `${titleOf(set)}, ${criterion}`,
    ['tested on', 'model', 'items', 'balanced accuracy', 'sensitivity', 'specificity', 'AUROC, pooled'],
    left.map((row) => [
      escape(
        row.tool !== null && row.tool in mechanisms
          ? `${mechanisms[row.tool as keyof typeof mechanisms].title} (never learned from)`
          : evaluationName(row),
      ),
      escape(nameOf(row.model)),
      String(row.items),
      number(row.metrics.balancedAccuracy.pooled),
      number(row.metrics.sensitivity.pooled),
      number(row.metrics.specificity.pooled),
      pooled(row.metrics.auroc),
    ]),
  )}${notes.map((note) => `<p class="soft">${escape(note)}</p>`).join('')}`;
}

function recallTables({ criterion, recalls }: CriterionResult): string {
  return recalls
    .filter(({ model }) => model === 'forest')
    .map(({ model, byMechanism, byFailure, byDose, byVariant, byContrast }) => {
      const part = (caption: string, groups: readonly GroupRecall[]): string =>
        table(
          `${caption}, ${criterion}, ${nameOf(model)}`,
          ['', 'insufficient', 'of them caught', 'adequate', 'of them passed'],
          groups.map(({ group, insufficient, sensitivity, adequate, specificity }) => [
            escape(group),
            String(insufficient),
            share(sensitivity),
            String(adequate),
            share(specificity),
          ]),
        );
      return [
        part('By mechanism', byMechanism),
        part('By failure', byFailure),
        part('By dose', byDose),
        part('By kind of scan', byVariant),
        part('By contrast', byContrast),
      ].join('');
    })
    .join('');
}

function gapPart(result: StudyResult, labelled: LabelledResult): string {
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

function labelledPart(labelled: LabelledResult): string {
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
  const shown = scored.filter(({ criterion, readsMethod }) => criterion === 'lenient' && !readsMethod);
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
