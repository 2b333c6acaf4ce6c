import type {
  Defacing,
  FeatureValue,
  OutputFile,
  Prepared,
  RawOutput,
} from '../../src-shared/domain/study.ts';
import type { Provenance } from '../../src-shared/domain/provenance.ts';
import type { Suspicion } from '../../src-shared/suspects/suspicion.ts';
import type { Store } from './openStore.ts';
import { idOf } from './scans.ts';

type Row = Record<string, unknown>;
export type MeasuredRaw = RawOutput & { readonly provenance: Provenance };
const json = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : null);

function toPrepared(row: Row): Prepared {
  return {
    scanId: row.scan_id,
    inputKey: row.input_key,
    brain: json(row.brain),
    registration: json(row.registration),
    head: json(row.head),
    frame: json(row.frame),
    suspicions: json(row.suspicions),
    provenance: json(row.provenance),
  } as Prepared;
}

function toDefacing(row: Row): Defacing {
  return {
    id: row.id,
    scanId: row.scan_id,
    tool: row.tool,
    inputKey: row.input_key,
    outcome: row.outcome,
    reason: row.reason,
    path: row.path,
    maskPath: row.mask_path,
    proof: json(row.proof),
    details: json(row.details),
    provenance: json(row.provenance),
  } as Defacing;
}

/**
 * What was made from scans, and the files it lies in. A row and the list of its files change together, after the files are
 * in place: what the store knows exists.
 */
export function derivedOf({ db, studyId, atOnce }: Store) {
  const prepared = db.prepare<[string], Row>('SELECT * FROM scan_prepared WHERE scan_id = ?');
  const suspected = db.prepare<[], { scan_id: string; suspicions: string }>(
    "SELECT scan_id, suspicions FROM scan_prepared WHERE suspicions <> '[]' ORDER BY scan_id",
  );
  const defacing = db.prepare<[string, string], Row>('SELECT * FROM defacing WHERE scan_id = ? AND tool = ?');
  const defacingById = db.prepare<[string], Row>('SELECT * FROM defacing WHERE id = ?');
  const defacingsOf = db.prepare<[string], Row>('SELECT * FROM defacing WHERE scan_id = ? ORDER BY tool');
  const defacings = db.prepare<[], Row>('SELECT * FROM defacing ORDER BY scan_id, tool');
  const features = db.prepare<[string], FeatureValue>(
    'SELECT feature, version, value, reason FROM feature WHERE defacing_id = ? ORDER BY rowid',
  );
  const predictors = db.prepare<[string], FeatureValue>(
    'SELECT feature, version, value, reason FROM predictor WHERE defacing_id = ? ORDER BY part, rowid',
  );
  const dropPredictors = db.prepare('DELETE FROM predictor_measurement WHERE defacing_id = ?');
  const measured = db.prepare<[string], { input_key: string }>(
    'SELECT input_key FROM measurement WHERE defacing_id = ?',
  );
  const measuredFrom = db.prepare<[string], { provenance: string }>(
    'SELECT provenance FROM measurement WHERE defacing_id = ?',
  );
  const outputs = db.prepare<[string], OutputFile>(
    'SELECT path, sha256, bytes FROM output WHERE owner = ? ORDER BY path',
  );
  const allOutputs = db.prepare<[], OutputFile>('SELECT path, sha256, bytes FROM output ORDER BY path');
  const dropOutputs = db.prepare('DELETE FROM output WHERE owner = ?');
  const addOutput = db.prepare(
    `INSERT INTO output (path, sha256, bytes, owner) VALUES (@path, @sha256, @bytes, @owner)
     ON CONFLICT (path) DO UPDATE SET sha256 = @sha256, bytes = @bytes, owner = @owner`,
  );
  const setOutputs = (owner: string, files: readonly OutputFile[]): void => {
    dropOutputs.run(owner);
    for (const { path, sha256, bytes } of files) addOutput.run({ path, sha256, bytes, owner });
  };
  const putPrepared = db.prepare(
    `INSERT OR REPLACE INTO scan_prepared (scan_id, input_key, brain, registration, head, frame, suspicions, provenance)
     VALUES (@scanId, @inputKey, @brain, @registration, @head, @frame, @suspicions, @provenance)`,
  );
  const putDefacing = db.prepare(
    `INSERT INTO defacing (id, scan_id, tool, input_key, outcome, reason, path, mask_path, proof, details, provenance)
     VALUES (@id, @scanId, @tool, @inputKey, @outcome, @reason, @path, @maskPath, @proof, @details, @provenance)
     ON CONFLICT (id) DO UPDATE SET input_key = @inputKey, outcome = @outcome, reason = @reason, path = @path,
       mask_path = @maskPath, proof = @proof, details = @details, provenance = @provenance`,
  );
  const dropFeatures = db.prepare('DELETE FROM feature WHERE defacing_id = ?');
  const dropMeasurement = db.prepare('DELETE FROM measurement WHERE defacing_id = ?');
  const putMeasurement = db.prepare(
    'INSERT OR REPLACE INTO measurement (defacing_id, input_key, provenance) VALUES (?, ?, ?)',
  );
  const putFeature = db.prepare(
    'INSERT INTO feature (defacing_id, feature, version, value, reason) VALUES (?, ?, ?, ?, ?)',
  );
  const raw = db.prepare<[string], { sha256: string; bytes: number }>(
    'SELECT sha256, bytes FROM raw_output WHERE defacing_id = ?',
  );
  const rawFeatures = db.prepare<[string], FeatureValue>(
    'SELECT feature, version, value, reason FROM raw_feature WHERE defacing_id = ? ORDER BY rowid',
  );
  const dropRaw = db.prepare('DELETE FROM raw_output WHERE defacing_id = ?');
  const putRaw = db.prepare(
    'INSERT INTO raw_output (defacing_id, sha256, bytes, provenance) VALUES (?, ?, ?, ?)',
  );
  const putRawFeature = db.prepare(
    'INSERT INTO raw_feature (defacing_id, feature, version, value, reason) VALUES (?, ?, ?, ?, ?)',
  );
  return {
    defacingId: (scanId: string, tool: string): string => idOf(studyId, 'defacing', scanId, tool),
    prepared: (scanId: string): Prepared | null => {
      const row = prepared.get(scanId);
      return row === undefined ? null : toPrepared(row);
    },
    /** Scans with a reason to look twice, with those reasons. */
    suspected: (): { scanId: string; suspicions: readonly Suspicion[] }[] =>
      suspected
        .all()
        .map((row) => ({ scanId: row.scan_id, suspicions: JSON.parse(row.suspicions) as Suspicion[] })),
    defacing: (scanId: string, tool: string): Defacing | null => {
      const row = defacing.get(scanId, tool);
      return row === undefined ? null : toDefacing(row);
    },
    defacingById: (id: string): Defacing | null => {
      const row = defacingById.get(id);
      return row === undefined ? null : toDefacing(row);
    },
    defacingsOf: (scanId: string): Defacing[] => defacingsOf.all(scanId).map(toDefacing),
    defacings: (): Defacing[] => defacings.all().map(toDefacing),
    /** The measurements every defacing gets. */
    measurements: (defacingId: string): FeatureValue[] => features.all(defacingId),
    /** These, and after them the predictors that were measured. */
    features: (defacingId: string): FeatureValue[] => [
      ...features.all(defacingId),
      ...predictors.all(defacingId),
    ],
    /** What the program itself wrote; null where there was no program or no output. */
    raw: (defacingId: string): RawOutput | null => {
      const row = raw.get(defacingId);
      return row === undefined ? null : { ...row, features: rawFeatures.all(defacingId) };
    },
    measuredKey: (defacingId: string): string | null => measured.get(defacingId)?.input_key ?? null,
    measuredProvenance: (defacingId: string): Provenance | null => {
      const row = measuredFrom.get(defacingId);
      return row === undefined ? null : (JSON.parse(row.provenance) as Provenance);
    },
    outputs: (owner: string): OutputFile[] => outputs.all(owner),
    allOutputs: (): IterableIterator<OutputFile> => allOutputs.iterate(),
    savePrepared: (row: Prepared, files: readonly OutputFile[]): void =>
      atOnce(() => {
        putPrepared.run({
          scanId: row.scanId,
          inputKey: row.inputKey,
          brain: JSON.stringify(row.brain),
          registration: row.registration === null ? null : JSON.stringify(row.registration),
          head: JSON.stringify(row.head),
          frame: JSON.stringify(row.frame),
          suspicions: JSON.stringify(row.suspicions),
          provenance: JSON.stringify(row.provenance),
        });
        setOutputs(`prepared ${row.scanId}`, files);
      }),
    /** A new defacing makes its old measurements void. What its program wrote is measured before the row is saved. */
    saveDefacing: (
      row: Defacing,
      files: readonly OutputFile[],
      measuredRaw: MeasuredRaw | null = null,
    ): void =>
      atOnce(() => {
        putDefacing.run({
          ...row,
          proof: row.proof === null ? null : JSON.stringify(row.proof),
          details: JSON.stringify(row.details),
          provenance: JSON.stringify(row.provenance),
        });
        dropFeatures.run(row.id);
        dropMeasurement.run(row.id);
        dropPredictors.run(row.id);
        dropOutputs.run(`measured ${row.id}`);
        setOutputs(`defacing ${row.id}`, files);
        dropRaw.run(row.id);
        if (measuredRaw === null) return;
        putRaw.run(row.id, measuredRaw.sha256, measuredRaw.bytes, JSON.stringify(measuredRaw.provenance));
        for (const { feature, version, value, reason } of measuredRaw.features)
          putRawFeature.run(row.id, feature, version, value, reason);
      }),
    saveMeasurement: (
      measurement: { defacingId: string; inputKey: string; provenance: Provenance },
      values: readonly FeatureValue[],
      files: readonly OutputFile[],
    ): void =>
      atOnce(() => {
        const { defacingId, inputKey, provenance } = measurement;
        putMeasurement.run(defacingId, inputKey, JSON.stringify(provenance));
        dropFeatures.run(defacingId);
        for (const { feature, version, value, reason } of values)
          putFeature.run(defacingId, feature, version, value, reason);
        setOutputs(`measured ${defacingId}`, files);
      }),
    /** Files of tables and the like that belong to the study as a whole. */
    saveOutputs: (owner: string, files: readonly OutputFile[]): void =>
      atOnce(() => setOutputs(owner, files)),
  };
}
