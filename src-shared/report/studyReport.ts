import type { AgreementReport } from '../api/agreementCalls.ts';
import type { ModelCard } from '../model/modelCard.ts';
import type { Criterion } from '../rating/verdict.ts';
import type { RiskPoint, RiskStatement } from '../triage/riskStatement.ts';
import { clopperPearson } from '../stats/clopperPearson.ts';
import { riskCoverageFigure, successFigure } from './figures.ts';
import { escapeHtml, htmlList, htmlTable, paragraph, printed, section, type HtmlCell } from './html.ts';
import { methodParagraph } from './methodParagraph.ts';
import { oursChoices } from './oursChoices.ts';
import { reportStyle } from './reportStyle.ts';

/** Counts of one tool, or of one tool in a group of scans. */
export interface ToolResult {
  readonly tool: string;
  /** `all`, or a contrast, an age band, a site. */
  readonly group: string;
  readonly tried: number;
  readonly made: number;
  /** Of those with a final label. */
  readonly labelled: number;
  readonly adequate: number;
}

/** Everything a report says; nothing in it depends on when it is printed. */
export interface ReportData {
  readonly title: string;
  readonly studyId: string;
  readonly software: string;
  readonly criterion: Criterion;
  readonly flow: readonly { readonly step: string; readonly n: number }[];
  readonly exclusions: readonly { readonly reason: string; readonly n: number }[];
  readonly tools: readonly { readonly title: string; readonly version: string; readonly n: number }[];
  readonly outcomes: readonly { readonly tool: string; readonly outcome: string; readonly n: number }[];
  readonly results: readonly ToolResult[];
  readonly agreement: AgreementReport | null;
  readonly model: ModelCard | null;
  readonly triage: {
    readonly sentence: string;
    readonly statement: RiskStatement;
    readonly curve: readonly RiskPoint[];
    readonly counts: Readonly<Record<string, number>>;
    readonly audit: string;
  } | null;
  readonly accepted: readonly { readonly scan: string; readonly tool: string; readonly name: string; readonly reason: string; readonly at: string }[]; // prettier-ignore
  readonly exports: readonly { readonly at: string; readonly images: number; readonly files: number; readonly manifestSha256: string }[]; // prettier-ignore
  readonly appendix: readonly {
    readonly scan: string;
    readonly contrast: string;
    readonly tool: string;
    readonly outcome: string;
    readonly headLossPct: number | null;
    readonly brainLossMl: number | null;
    readonly ssim: number | null;
    readonly probability: number | null;
    readonly label: string;
    readonly decision: string;
    /** PNG as base64, where faces were asked for. */
    readonly picture: string | null;
  }[];
}

/**
 * The report as one HTML page without scripts, links to elsewhere or fonts from the net. The same data gives the same
 * bytes; `printedOn` (UTC day) is the only line that differs.
 */
export function studyReport(data: ReportData, printedOn: string): string {
  const parts = [
    flowSection(data),
    toolSection(data),
    agreementSection(data),
    modelSection(data),
    triageSection(data),
    acceptedSection(data),
    section('method', 'Method', paragraph(methodParagraph(data)), '<h3>Choices where the paper is silent</h3>', htmlList(oursChoices)), // prettier-ignore
    appendixSection(data),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escapeHtml(data.title)}</title>
<style>${reportStyle}</style>
</head>
<body>
<header>
<h1>${escapeHtml(data.title)}</h1>
<p class="facts">Study ${escapeHtml(data.studyId)} · ${escapeHtml(data.criterion)} criterion · DefaceQA Workstation ${escapeHtml(data.software)}</p>
<p class="date">Printed on ${escapeHtml(printedOn)}</p>
</header>
${parts.filter((part) => part !== '').join('\n')}
<footer><p>Adequate under a criterion means what the criterion says. It does not mean that nobody can be recognised.</p></footer>
</body>
</html>
`;
}

const flowSection = ({ flow, exclusions }: ReportData): string =>
  section(
    'flow',
    'Data flow',
    `<ol class="flow">${flow.map(({ step, n }) => `<li><strong>${n}</strong> ${escapeHtml(step)}</li>`).join('')}</ol>`,
    '<h3>Left out, by reason</h3>',
    htmlTable(['Reason', 'Files'], exclusions.map(({ reason, n }) => [reason, n])),
  ); // prettier-ignore

const share = (k: number, n: number): HtmlCell => {
  if (n === 0) return null;
  const { low, high } = clopperPearson(k, n);
  return `${((100 * k) / n).toFixed(1)} % (${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)})`;
};

function toolSection({ tools, outcomes, results, criterion }: ReportData): string {
  const all = results.filter(({ group }) => group === 'all');
  const bars = all.filter(({ labelled }) => labelled > 0).map(({ tool, adequate, labelled }) => ({ name: tool, k: adequate, n: labelled })); // prettier-ignore
  const groups = results.filter(({ group }) => group !== 'all');
  return section(
    'tools',
    'Tools and defacing success',
    htmlTable(['Tool', 'Version', 'Scans'], tools.map(({ title, version, n }) => [title, version, n])),
    '<h3>How tools ended</h3>',
    htmlTable(['Tool', 'Outcome', 'Scans'], outcomes.map(({ tool, outcome, n }) => [tool, outcome, n])),
    `<h3>Adequate under the ${criterion} criterion</h3>`,
    successFigure(`Share of labelled defacings that are adequate (${criterion}), exact 95 % interval`, bars),
    htmlTable(
      ['Tool', 'Scans tried', 'Defacings made', 'With a label', 'Adequate', 'Share, 95 % interval'],
      all.map((row) => [row.tool, row.tried, row.made, row.labelled, row.adequate, share(row.adequate, row.labelled)]),
    ),
    ...(groups.length === 0
      ? []
      : [
          '<h3>By contrast, age and site</h3>',
          htmlTable(
            ['Tool', 'Group', 'With a label', 'Adequate', 'Share, 95 % interval'],
            groups.map((row) => [row.tool, row.group, row.labelled, row.adequate, share(row.adequate, row.labelled)]),
          ),
          paragraph('Intervals count every scan as if it were of another person; with several scans a person they are too narrow.'),
        ]),
  ); // prettier-ignore
}

function agreementSection({ agreement }: ReportData): string {
  if (agreement === null)
    return section('agreement', 'Agreement of raters', paragraph('No round of ratings was closed.'));
  const interval = (low: number | undefined, high: number | undefined): string =>
    low === undefined || high === undefined ? '' : ` (${low.toFixed(2)} to ${high.toFixed(2)})`;
  return section(
    'agreement',
    'Agreement of raters',
    htmlTable(
      ['Tool', 'Pairs', 'Lenient: agreement %', 'Lenient: kappa (95 %)', 'Strict: agreement %', 'Strict: kappa (95 %)'],
      agreement.table2.map(({ tool, lenient, strict }) => [
        tool ?? 'All',
        lenient.n,
        printed(lenient.agreementPercent, 1),
        `${printed(lenient.kappa)}${interval(lenient.interval?.low, lenient.interval?.high)}`,
        printed(strict.agreementPercent, 1),
        `${printed(strict.kappa)}${interval(strict.interval?.low, strict.interval?.high)}`,
      ]),
    ),
    paragraph('The paper reports kappa .90, .82, .88, .69 lenient and .52, .55, .71, .65 strict for PyDeface, QuickShear, FSL-Deface and MRI-Deface, on other data.'),
  ); // prettier-ignore
}

function modelSection({ model }: ReportData): string {
  if (model === null) return section('model', 'Model', paragraph('No model is in use under this criterion.'));
  const { data, evaluation } = model;
  const names = [
    'balancedAccuracy',
    'auroc',
    'sensitivity',
    'specificity',
    'precision',
    'accuracy',
    'brier',
  ] as const;
  return section(
    'model',
    `Model: ${model.name}, version ${model.version}`,
    paragraph(
      `${model.kind.title}, trained on ${data.items} defacings of ${data.persons} persons, ${data.insufficient} of them insufficient. Hash ${model.hash}.`,
    ),
    htmlTable(
      ['Measure', 'Mean over folds', 'SD', 'Pooled', '95 % interval over persons'],
      names.map((name) => {
        const { mean, sd, pooled, interval } = evaluation.metrics[name];
        return [name, printed(mean), printed(sd), printed(pooled), interval === null ? null : `${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}`]; // prettier-ignore
      }),
    ),
    paragraph(`Features: ${model.features.map(({ title }) => title).join(', ')}.`),
    '<h3>Limits</h3>',
    htmlList(model.limits),
  );
}

function triageSection({ triage }: ReportData): string {
  if (triage === null) return section('triage', 'Triage', paragraph('No triage was run.'));
  const { sentence, statement, curve, counts, audit } = triage;
  const { coverage, missRate, escapeRate, falseAlarmRate } = statement.rates;
  const one = statement.onePerPerson;
  const row = (name: string, all: typeof coverage, single: typeof coverage): HtmlCell[] => [
    name,
    `${all.k} of ${all.n}`,
    all.share === null ? null : `${(100 * all.share).toFixed(1)} %`,
    `${single.k} of ${single.n}`,
    `${(100 * single.bound).toFixed(1)} %`,
  ];
  return section(
    'triage',
    'Triage',
    `<p class="statement">${escapeHtml(sentence)}</p>`,
    htmlTable(['Decision', 'Defacings'], Object.entries(counts)),
    '<h3>What the thresholds do to defacings of people the model had not learned from</h3>',
    htmlTable(
      ['', 'All', 'Share', 'One a person', 'Exact upper bound'],
      [
        row('Decided automatically', coverage, one.coverage),
        row('Missed: passed, of the insufficient', missRate, one.missRate),
        row('Escaped: insufficient, of the passed', escapeRate, one.escapeRate),
        row('Failed, of the adequate', falseAlarmRate, one.falseAlarmRate),
      ],
    ),
    riskCoverageFigure('Share decided automatically for each risk', curve, statement.alpha),
    paragraph(audit),
  );
}

const acceptedSection = ({ accepted, exports }: ReportData): string =>
  section(
    'accepted',
    'Accepted exceptions and exports',
    htmlTable(
      ['Scan', 'Tool', 'Accepted by', 'Reason', 'On'],
      accepted.map(({ scan, tool, name, reason, at }) => [scan, tool, name, reason, at.slice(0, 10)]),
    ),
    '<h3>Exports</h3>',
    htmlTable(
      ['On', 'Images', 'Files', 'SHA-256 of the manifest'],
      exports.map(({ at, images, files, manifestSha256 }) => [
        at.slice(0, 10),
        images,
        files,
        manifestSha256,
      ]),
    ),
  );

function appendixSection({ appendix }: ReportData): string {
  const pictures = appendix.some(({ picture }) => picture !== null);
  const table = htmlTable(
    [
      'Scan',
      'Contrast',
      'Tool',
      'Outcome',
      'Head %',
      'Brain ml',
      'SSIM',
      'P(insufficient)',
      'Label',
      'Decision',
    ],
    appendix.map((row) => [
      ...[row.scan, row.contrast, row.tool, row.outcome],
      ...[
        printed(row.headLossPct, 1),
        printed(row.brainLossMl, 1),
        printed(row.ssim, 3),
        printed(row.probability),
      ],
      ...[row.label, row.decision],
    ]),
  );
  const gallery = pictures
    ? `<div class="gallery">${appendix
        .filter(({ picture }) => picture !== null)
        .map(
          ({ picture, scan, tool }) =>
            `<figure><img alt="${escapeHtml(`${scan}, ${tool}`)}" src="data:image/png;base64,${picture ?? ''}"><figcaption>${escapeHtml(`${scan}, ${tool}`)}</figcaption></figure>`,
        ) // prettier-ignore
        .join('')}</div>`
    : '';
  return section('appendix', 'Appendix: every defacing', table, gallery);
}
