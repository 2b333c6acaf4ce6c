import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { features } from '../../src-shared/features/features.ts';
import { prepareViews } from '../../src-shared/features/imageMeasures.ts';
import {
  featureContext,
  featureDictionary,
  measure,
  type MeasureInput,
} from '../../src-shared/features/measure.ts';
import { findHead } from '../../src-shared/views/findHead.ts';
import { renderViews } from '../../src-shared/views/renderViews.ts';
import { frameOf } from '../../src-shared/views/viewFrame.ts';
import { affineOf } from '../../src-shared/volume/affine.ts';
import type { Mask, Volume } from '../../src-shared/volume/volume.ts';

const shape = [24, 24, 24] as const;
const affine = affineOf([8, 0, 0, -92, 0, 8, 0, -92, 0, 0, 8, -92]);
const ball = (radius: number): Uint8Array =>
  Uint8Array.from({ length: 24 ** 3 }, (_, n) => {
    const [x, y, z] = [(n % 24) - 11.5, (Math.floor(n / 24) % 24) - 11.5, Math.floor(n / 576) - 11.5];
    return x * x + y * y + z * z < radius * radius ? 1 : 0;
  });
const original: Volume = {
  shape,
  affine,
  values: Float32Array.from(ball(10), (bit, n) => bit * (80 + (n % 7))),
};
const brain: Mask = { shape, affine, bits: ball(5) };
const noseless = original.values.slice();
for (let n = 0; n < noseless.length; n++) if (Math.floor(n / 24) % 24 > 15) noseless[n] = 0;
const defaced: Volume = { ...original, values: noseless };
const frame = frameOf(findHead(original));
const prepared = prepareViews(renderViews(original, frame));
const empty: Volume = { ...original, values: new Float32Array(original.values.length) };

const inputs: Readonly<Record<string, MeasureInput>> = {
  identical: {
    original,
    defaced: original,
    brain,
    views: { original: prepared, defaced: renderViews(original, frame) },
  },
  defaced: { original, defaced, brain, views: { original: prepared, defaced: renderViews(defaced, frame) } },
  'everything removed': {
    original,
    defaced: empty,
    brain,
    views: { original: prepared, defaced: renderViews(empty, frame) },
  },
  'nothing to measure': { original: empty, defaced: empty, brain: null, views: null },
};
const contexts = Object.entries(inputs).map(([name, input]) => [name, featureContext(input)] as const);
const help = (id: string): string =>
  join(import.meta.dirname, '..', '..', 'resources', 'help', 'features', `${id}.md`);

describe.each(features.map((feature) => [feature.id, feature] as const))('the feature %s', (id, feature) => {
  const page = help(feature.help ?? id);

  it('has a help page that names it', () => {
    expect(existsSync(page)).toBe(true);
    expect(readFileSync(page, 'utf8')).toContain(`\`${id}\``);
  });

  it.each(contexts)('keeps its range or gives a reason: %s', (_, context) => {
    const { value, reason } = feature.compute(context);
    if (value === null) expect(reason.length).toBeGreaterThan(10);
    else {
      expect(Number.isFinite(value)).toBe(true);
      expect(value).toBeGreaterThanOrEqual(feature.range[0]);
      expect(value).toBeLessThanOrEqual(feature.range[1]);
    }
  });

  it('stands in the data dictionary', () => {
    expect(featureDictionary()[id]).toMatchObject({ LongName: feature.title, Units: feature.unit });
  });
});

describe('all features together', () => {
  it('answer to identical images what is defined: no loss, full likeness, no finite PSNR', () => {
    const found = measure(inputs.identical);
    for (const id of ['impacted_voxels', 'impacted_pct', 'head_loss_pct', 'brain_loss_ml', 'rmse']) {
      expect(found[id].value, id).toBe(0);
    }
    for (const id of ['ssim', 'fsim_reference', 'fsim_library'])
      expect(found[id].value, id).toBeCloseTo(1, 12);
    expect(found.psnr).toMatchObject({ value: null });
    expect(found.psnr.reason).toContain('identical');
  });

  it('count what was cut off', () => {
    const found = measure(inputs.defaced);
    const removed = original.values.filter((value, n) => value > 0 && noseless[n] === 0).length;
    expect(found.impacted_voxels.value).toBe(removed);
    expect(found.brain_loss_ml.value).toBeCloseTo(
      brain.bits.filter((bit, n) => bit === 1 && noseless[n] === 0).length * 0.512,
      9,
    );
    expect(found.fsim_reference.value).toBeLessThan(0.999);
    expect(found.ssim.value).toBeLessThan(0.999);
  });

  it('give the same answer twice and leave what they are given as it was', () => {
    const before = structuredClone(inputs.defaced);
    const first = measure(inputs.defaced);
    expect(measure(inputs.defaced)).toEqual(first);
    expect(inputs.defaced).toEqual(before);
  });

  it('have ids of their own', () => {
    expect(new Set(features.map(({ id }) => id)).size).toBe(features.length);
  });
});
