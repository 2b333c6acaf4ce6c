import type { Matrix } from '../model/matrix.ts';
import { quantile } from '../stats/quantile.ts';
import { clusters, type Clusters } from './clusters.ts';
import { isolationForest } from './isolationForest.ts';
import { robustScale } from './robustScale.ts';
import { sphericalPca } from './sphericalPca.ts';

export interface PatternInput {
  readonly featureIds: readonly string[];
  /** One row a defacing, one column a feature; NaN where there is no value. */
  readonly x: Matrix;
  readonly seed: number;
}

/** What sets a row apart: its robust z value in a feature. */
export interface OddFeature {
  readonly feature: string;
  readonly z: number;
}

export interface PatternRow {
  /** Its place on the map, in units of robust spread. */
  readonly x: number;
  readonly y: number;
  readonly cluster: number;
  /** Isolation score, about 0.5 for ordinary rows, higher for odd ones. */
  readonly oddness: number;
  readonly outlier: boolean;
  /** The features in which it lies furthest from the middle, largest first. */
  readonly oddFeatures: readonly OddFeature[];
}

export interface PatternMap {
  readonly rows: readonly PatternRow[];
  /** Row numbers of the typical examples, one a cluster, largest cluster first. */
  readonly medoids: readonly number[];
  readonly silhouette: number;
  /** Share of the spread that the map shows. */
  readonly shown: number;
  /** Features that vary, and so take part. */
  readonly featureIds: readonly string[];
  readonly seed: number;
}

/** Odd from this score on: Liu et al. take scores well above 0.5. */
const surelyOdd = 0.6;
const ordinaryScore = 0.5;

/**
 * The score from which on a row is odd. With many features that say nothing, a row that is far off in a few of them stays
 * below 0.6 and yet above all others: so what lies beyond the fence of Tukey (1977), the upper quartile and one and a half
 * times the distance of the quartiles, is odd too. Never below 0.5, which is what ordinary rows have.
 */
function oddFrom(oddness: Float64Array): number {
  if (oddness.length === 0) return surelyOdd;
  const [q1, q3] = [quantile(oddness, 0.25), quantile(oddness, 0.75)];
  return Math.min(surelyOdd, Math.max(ordinaryScore, q3 + 1.5 * (q3 - q1)));
}

/**
 * A map of defacings without any label: robust z values of all features, two robust principal components, hierarchical
 * clusters with their typical example, and odd ones by isolation forest. The same rows and seed give the same map.
 */
export function patternMap({ featureIds, x, seed }: PatternInput): PatternMap {
  const { scaled, kept } = robustScale(x);
  const { places, shown } = sphericalPca(scaled);
  const oddness = isolationForest(scaled, seed);
  const oddScore = oddFrom(oddness);
  const { of, medoids, silhouette } = clustersOfOrdinary(scaled, oddness, oddScore);
  const rows = Array.from({ length: x.rows }, (_, r): PatternRow => {
    const z = scaled.values.subarray(r * kept.length, (r + 1) * kept.length);
    const oddFeatures = Array.from(z, (value, c) => ({ feature: featureIds[kept[c]], z: value }))
      .sort((a, b) => Math.abs(b.z) - Math.abs(a.z))
      .slice(0, 3);
    return {
      x: places[2 * r],
      y: places[2 * r + 1],
      cluster: of[r],
      oddness: oddness[r],
      outlier: oddness[r] >= oddScore,
      oddFeatures,
    };
  });
  return { rows, medoids, silhouette, shown, featureIds: kept.map((c) => featureIds[c]), seed };
}

/** Odd rows would be clusters of one: they do not take part, and are given the cluster of the nearest typical example. */
function clustersOfOrdinary(x: Matrix, oddness: Float64Array, oddScore: number): Clusters {
  const all = Array.from({ length: x.rows }, (_, r) => r);
  const ordinary = all.filter((r) => oddness[r] < oddScore);
  const rows = ordinary.length === 0 ? all : ordinary;
  const row = (r: number): Float64Array => x.values.subarray(r * x.columns, (r + 1) * x.columns);
  const values = new Float64Array(rows.length * x.columns);
  rows.forEach((r, n) => {
    values.set(row(r), n * x.columns);
  });
  const found = clusters({ rows: rows.length, columns: x.columns, values });
  const medoids = found.medoids.map((n) => rows[n]);
  const of = new Uint16Array(x.rows);
  const distance = (a: Float64Array, b: Float64Array): number =>
    a.reduce((sum, value, c) => sum + (value - b[c]) ** 2, 0);
  for (const r of all) {
    const at = rows.indexOf(r);
    if (at >= 0) of[r] = found.of[at];
    else {
      const far = medoids.map((m) => distance(row(r), row(m)));
      of[r] = far.indexOf(Math.min(...far));
    }
  }
  return { of, medoids, silhouette: found.silhouette };
}
