import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { defaultEvaluation, type EvaluationSettings } from '../../src-shared/model/evaluationSettings.ts';
import { fitPipeline, runPipeline } from '../../src-shared/model/fitPipeline.ts';
import { stratifiedGroupFolds } from '../../src-shared/model/groupFolds.ts';
import type { LearningTable } from '../../src-shared/model/learningTable.ts';
import { matrixFrom, takeRows } from '../../src-shared/model/matrix.ts';
import { auroc } from '../../src-shared/model/metrics.ts';
import { type ModelId, paperModelIds } from '../../src-shared/model/models.ts';
import { seededRandom } from '../../src-shared/stats/random.ts';

/** Simulated features: 800 items of 91 persons, 8 features, two criteria. */
function simulate() {
  const random = seededRandom(1, 'model bench');
  const shift = Array.from({ length: 91 }, () => Array.from({ length: 8 }, () => 0.5 * random.normal()));
  const persons: number[] = [];
  const strict: number[] = [];
  const lenient: number[] = [];
  const rows = Array.from({ length: 800 }, () => {
    const person = random.integer(91);
    persons.push(person);
    const row = shift[person].map((s) => Math.round(1e4 * (s + random.normal())) / 1e4);
    const m = 1.2 * row[0] - 0.9 * row[1] + 0.8 * row[2] * row[3] + 0.4 * Math.abs(row[4]);
    strict.push(random.next() < 1 / (1 + Math.exp(-m)) ? 1 : 0);
    lenient.push(random.next() < 1 / (1 + Math.exp(1 - m)) ? 1 : 0);
    return row;
  });
  return { rows, persons, criteria: [strict, lenient] };
}

/**
 * Full nested evaluation, 4 models x 2 criteria on 800 x 8, against scikit-learn and xgboost (exact, and histogram beside
 * it) with the same grids and folds, one thread each, CPU time. Prints one line a model; false if any is slower than exact.
 */
export function modelBench(): boolean {
  const { rows, persons, criteria } = simulate();
  const settings: EvaluationSettings = {
    ...defaultEvaluation,
    selection: null,
    grids: {
      logistic: [0.01, 0.1, 1, 10].map((c) => ({ c })),
      mlp: [0.01, 1].map((alpha) => ({ hidden: [16], alpha, learningRate: 0.005, maxEpochs: 200 })),
      forest: [1, 5].map((minLeafRows) => ({ trees: 100, minLeafRows })),
      boosting: [2, 3].map((maxDepth) => ({ rounds: 100, maxDepth, learningRate: 0.1 })),
    },
  };
  const tables = criteria.map((labels): LearningTable => ({
    itemIds: rows.map((_, i) => `i${i}`),
    features: Array.from({ length: 8 }, (_, j) => ({ id: `f${j}`, version: 1, block: null })),
    x: matrixFrom(rows),
    labels: Uint8Array.from(labels),
    persons: persons.map((p) => `p${p}`),
    tools: null,
  }));
  const all = rows.map((_, i) => i);
  const outer = tables.map((table) =>
    stratifiedGroupFolds(table.labels, persons, 5, seededRandom(1, 'outer 0')),
  );
  const inner: number[][][] = tables.map(() => []);
  const ours = new Map<ModelId, { seconds: number; auroc: number[] }>();
  for (const model of paperModelIds) {
    const before = process.cpuUsage();
    const areas = tables.map((table, c) => {
      const pooled = new Float64Array(rows.length);
      for (let fold = 0; fold < 5; fold++) {
        const train = all.filter((i) => outer[c][i] !== fold);
        const test = all.filter((i) => outer[c][i] === fold);
        const fit = fitPipeline(table, train, model, settings, fold);
        inner[c][fold] = [...fit.innerFolds];
        const { scores } = runPipeline(fit.pipeline, takeRows(table.x, test));
        for (const [k, i] of test.entries()) pooled[i] = scores[k];
      }
      return auroc(table.labels, pooled);
    });
    const { user, system } = process.cpuUsage(before);
    ours.set(model, { seconds: (user + system) / 1e6, auroc: areas });
  }
  const python = process.env.DEFACEQA_BENCH_MODELS_PYTHON ?? 'python3';
  const ask = (grids: EvaluationSettings['grids'], treeMethod: string) => {
    const run = spawnSync(python, [join(import.meta.dirname, 'modelBench.py')], {
      input: JSON.stringify({
        x: rows,
        treeMethod,
        grids,
        criteria: criteria.map((y, c) => ({
          y,
          folds: Array.from({ length: 5 }, (_, fold) => ({
            train: all.filter((i) => outer[c][i] !== fold),
            test: all.filter((i) => outer[c][i] === fold),
            inner: inner[c][fold],
          })),
        })),
      }),
      encoding: 'utf8',
      env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
    });
    return run.status === 0
      ? (JSON.parse(run.stdout) as Record<string, { seconds: number; auroc: number[] }>)
      : null;
  };
  const theirs = ask(settings.grids, 'exact');
  const histogram = theirs && ask({ boosting: settings.grids.boosting ?? [] }, 'hist');
  if (theirs === null)
    console.log(
      'models: no ratios, since Python with scikit-learn and xgboost was not found (set DEFACEQA_BENCH_MODELS_PYTHON to it)',
    );
  let good = true;
  const areas = (list: readonly number[]): string => list.map((a) => a.toFixed(3)).join('/');
  const total = { ours: 0, theirs: 0 };
  for (const [model, mine] of ours) {
    const other = theirs?.[model];
    const line = `models ${model}: ${mine.seconds.toFixed(2)} s, AUROC ${areas(mine.auroc)}`;
    if (other === undefined) {
      console.log(line);
      continue;
    }
    total.ours += mine.seconds;
    total.theirs += other.seconds;
    good &&= mine.seconds <= other.seconds;
    const also =
      model === 'boosting' && histogram
        ? `; histogram xgboost ${histogram.boosting.seconds.toFixed(2)} s`
        : '';
    console.log(
      `${line}; Python ${other.seconds.toFixed(2)} s, AUROC ${areas(other.auroc)}; ratio ${(mine.seconds / other.seconds).toFixed(2)}${also}`,
    );
  }
  if (theirs !== null)
    console.log(
      `models all: ${total.ours.toFixed(2)} s against ${total.theirs.toFixed(2)} s, ratio ${(total.ours / total.theirs).toFixed(2)}`,
    );
  return good;
}

if (import.meta.main && !modelBench()) process.exitCode = 1;
