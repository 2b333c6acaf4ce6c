import { mechanisms, mechanismIds } from '../benchmark/mechanisms.ts';
import type { GroupRecall } from '../benchmark/recallByGroup.ts';
import {
  simulatedLabels,
  type CriterionResult,
  type ModelRow,
  type StudyResult,
} from '../benchmark/studyResult.ts';
import { proofRisk } from '../benchmark/triageProof.ts';
import type { BoundedShare } from '../stats/learnThenTest.ts';
import { gapPart, labelledPart } from './benchmarkLabelledHtml.ts';
import {
  escape,
  meanSd,
  nameOf,
  number,
  percentOf,
  pooled,
  share,
  table,
  titleOf,
} from './benchmarkParts.ts';
import { evaluationName } from './benchmarkTables.ts';

/** The paper's random forest (doi 10.1186/s12880-026-02207-4), on another data set, labels by raters. Its printed AUROC is balanced accuracy. */
const paperForest: Readonly<Record<string, readonly string[]>> = {
  'lenient with': ['0.85', '0.86', '0.82', '0.79', '0.84'],
  'strict with': ['0.81', '0.89', '0.76', '0.89', '0.82'],
  'lenient without': ['0.82', '0.86', '0.74', '0.77', '0.80'],
  'strict without': ['0.78', '0.81', '0.74', '0.83', '0.78'],
};

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
<h2>Triage of persons never seen</h2>
<p class="soft">Thresholds asked to pass at most ${String(100 * proofRisk.alpha)} % of insufficient defacings with ${String(100 * (1 - proofRisk.delta))} % confidence are set on the out-of-fold scores of four folds of persons and applied to the fifth; without method flags, and with a mechanism that neither the model nor the thresholds had seen. In brackets the upper bound at 95 % (Clopper and Pearson). The guarantee is about one insufficient defacing a person and about data like those the thresholds were set on: a mechanism never seen is outside it. The rules of triage that come before any score are not part of this.</p>
${result.results.map(triageTable).join('')}
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

const verdictCells = (verdicts: Readonly<Record<1 | 2 | 3, number>>): string[] =>
  ([1, 2, 3] as const).map((verdict) => String(verdicts[verdict]));
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

const rate = ({ k, n, bound }: BoundedShare): string =>
  `${String(k)} of ${String(n)} <span class="soft">(at most ${(100 * bound).toFixed(1)} %)</span>`;

function triageTable({ criterion, set, proofs }: CriterionResult): string {
  return table(
    `${titleOf(set)}, ${criterion}`,
    [
      'tested on',
      'model',
      'decided without a look',
      'insufficient passed',
      'the same, one a person',
      'insufficient among passed',
      'adequate failed',
    ],
    proofs.map((proof) => [
      proof.mechanism === null
        ? 'all mechanisms'
        : `${escape(mechanisms[proof.mechanism as keyof typeof mechanisms].title)} (never seen)`,
      escape(nameOf(proof.model)),
      `${percentOf(proof.coverage.k, proof.coverage.n)}${proof.foldsWithoutThreshold === 0 ? '' : ` <span class="soft">(no threshold in ${String(proof.foldsWithoutThreshold)} of ${String(proof.folds)} folds)</span>`}`,
      rate(proof.missed),
      rate(proof.missedOnePerPerson),
      proof.escaped.n === 0 ? '<span class="soft">none passed</span>' : rate(proof.escaped),
      rate(proof.falseAlarms),
    ]),
  );
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
