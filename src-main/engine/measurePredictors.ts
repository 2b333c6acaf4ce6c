import type { InputFacts } from '../../src-shared/domain/provenance.ts';
import type { Defacing, Prepared, Scan } from '../../src-shared/domain/study.ts';
import { measuredGroups, type MeasuredGroup } from '../../src-shared/predictors/predictor.ts';
import { predictorsOf } from '../../src-shared/predictors/predictors.ts';
import type { MeasurePredictorsData, PredictorsResult } from '../workers/tasks/measurePredictors.ts';
import type { Engine } from './engine.ts';
import { inputKeyOf, keyPart } from './inputKey.ts';

/** The groups that the settings of the study switch on. */
export function wantedGroups({ settings }: Pick<Engine, 'settings'>): MeasuredGroup[] {
  const { measureImageQuality = false, measureTexture = false } = settings();
  const on = { 'image-quality': measureImageQuality, texture: measureTexture };
  return measuredGroups.filter((group) => on[group]);
}

/** Measures what the settings want of defacings of one scan and is not there yet; true where nothing was missing. */
export async function measurePredictors(
  engine: Engine,
  scan: Scan,
  prepared: Prepared,
  defacings: readonly Defacing[],
  signal: AbortSignal,
): Promise<{ kept: boolean }> {
  const { derived, predictorRows, store, pool } = engine;
  const pending: { id: string; path: string; group: MeasuredGroup; facts: InputFacts; inputKey: string }[] =
    [];
  for (const { id, path } of defacings) {
    if (path === null) continue;
    const image = derived.outputs(`defacing ${id}`).find((file) => file.path === path);
    for (const group of wantedGroups(engine)) {
      const facts = factsOf(group, scan, prepared, image?.sha256 ?? null);
      const inputKey = inputKeyOf(facts);
      if (predictorRows.key(id, group) !== inputKey) pending.push({ id, path, group, facts, inputKey });
    }
  }
  if (pending.length === 0) return { kept: true };
  const data: MeasurePredictorsData = {
    studyFolder: store.folder,
    scanPath: scan.path,
    contrast: scan.modality,
    brainPath: prepared.brain.path,
    frame: prepared.frame,
    registration: prepared.registration,
    defacings: [...Map.groupBy(pending, ({ id }) => id).values()].map((rows) => ({
      id: rows[0].id,
      path: rows[0].path,
      groups: rows.map(({ group }) => group),
    })),
  };
  const timed = engine.timed();
  const results = (await pool.run('measurePredictors', data, { signal })) as PredictorsResult[];
  store.atOnce(() => {
    for (const { id, group, values } of results) {
      const one = pending.find((each) => each.id === id && each.group === group);
      if (one === undefined) continue;
      const { facts, inputKey } = one;
      predictorRows.save({ defacingId: id, group, inputKey, provenance: timed(facts) }, values);
    }
  });
  return { kept: false };
}

/** Image quality is that of the original, so it stays when a tool is run again; texture is that of the defacing. */
function factsOf(group: MeasuredGroup, scan: Scan, prepared: Prepared, defaced: string | null): InputFacts {
  return {
    inputs: {
      scan: scan.fileHash,
      ...(group === 'image-quality'
        ? { brain: prepared.brain.sha256 }
        : { defaced, frame: keyPart(prepared.frame), registration: keyPart(prepared.registration) }),
    },
    maker: `measure ${group}`,
    makerVersion: '1',
    settings: {
      ...(group === 'image-quality' && { contrast: scan.modality }),
      features: Object.fromEntries(predictorsOf(group).map(({ id, version }) => [id, version])),
    },
    seed: null,
  };
}
