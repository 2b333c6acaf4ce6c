import type { ReportData } from './studyReport.ts';

const list = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;

/** What was done, from what is in the study, ready for a paper. Steps that were not taken are not named. */
export function methodParagraph({
  flow,
  tools,
  agreement,
  model,
  triage,
  criterion,
  software,
}: ReportData): string {
  const found = flow.at(0)?.n ?? 0;
  const taken = flow.at(1)?.n ?? 0;
  const sentences = [
    `Of ${found} files, ${taken} head scans were taken up and defaced with ${list(tools.map(({ title, version }) => `${title} ${version}`.trim()))} under DefaceQA Workstation ${software}, which follows DefaceQA (Khodaei Dolouei, Sadeghi and Kirsten 2026, doi 10.1186/s12880-026-02207-4).`,
    'Each tool was taken as a generator of masks: only where it removed something was taken from it, and the stored values of all other voxels were kept.',
    'Original and defaced heads were drawn from five standard views, and image similarity (FSIM, SSIM, RMSE, PSNR), head loss and brain loss were measured.',
  ];
  if (agreement !== null)
    sentences.push(
      `${agreement.raters.filter(({ part }) => part === 'primary').length} raters judged every defacing, blinded to tool, person and each other; disagreements went to ${agreement.raters.some(({ part }) => part === 'third') ? 'a third rater and then to ' : ''}a consensus session. Kappa has 95 % intervals by bootstrap over persons (${agreement.draws} draws).`,
    );
  if (model !== null)
    sentences.push(
      `A ${model.kind.title.toLowerCase()} was trained to predict the ${criterion} label from ${list(model.features.map(({ title }) => title.toLowerCase()))}, evaluated by nested stratified ${model.evaluation.outerFolds}-fold cross-validation grouped by person (seed ${model.evaluation.seed}), and calibrated on inner out-of-fold scores.`,
    );
  if (triage !== null)
    sentences.push(
      `Thresholds for automatic decisions were set by Learn then Test (Angelopoulos et al. 2021) for a risk of ${(100 * triage.statement.alpha).toFixed(0)} % at ${(100 * (1 - triage.statement.delta)).toFixed(0)} % confidence, with one item a person; bounds are those of Clopper and Pearson (1934).`,
    );
  return sentences.join(' ');
}
