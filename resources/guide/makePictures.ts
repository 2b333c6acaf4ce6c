import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaceBenchmark } from '../../src-shared/benchmark/benchmarkItem.ts';
import { planBenchmark, type BenchmarkDefacing } from '../../src-shared/benchmark/benchmarkPlan.ts';
import { benchmarkScan } from '../../src-shared/benchmark/benchmarkScan.ts';
import type { MechanismId } from '../../src-shared/benchmark/mechanisms.ts';
import type { Failure } from '../../src-shared/benchmark/failures.ts';
import { findHead } from '../../src-shared/views/findHead.ts';
import type { GreyImage } from '../../src-shared/views/greyImage.ts';
import { renderViews } from '../../src-shared/views/renderViews.ts';
import { frameOf } from '../../src-shared/views/viewFrame.ts';
import type { ViewName } from '../../src-shared/views/viewNames.ts';
import { encodePng } from '../../src-main/files/png.ts';

/**
 * Draws the pictures of the guide to the criteria: `node resources/guide/makePictures.ts`. An invented head, a defacing of
 * it for each criterion, and the truth that follows from its labels; a case whose truth is not what the guide says of it is
 * an error, not a picture.
 */
const folder = join(import.meta.dirname, '..', '..', 'src-renderer', 'public', 'guide');
const none: Failure = { kind: 'none', dose: 0, unit: '', way: '' };
const cases: readonly {
  readonly id: string;
  readonly view: ViewName;
  readonly verdict: 1 | 2 | 3;
  readonly mechanism: MechanismId;
  readonly failure: Failure;
}[] = [
  { id: 'strict', view: 'front', verdict: 1, mechanism: 'template-mask', failure: none },
  {
    id: 'lenient',
    view: 'front',
    verdict: 2,
    mechanism: 'template-mask',
    failure: { kind: 'lip-kept', dose: 11, unit: 'mm', way: 'lower' },
  },
  {
    id: 'insufficient',
    view: 'front',
    verdict: 3,
    mechanism: 'template-mask',
    failure: { kind: 'eyes-kept', dose: 10, unit: 'mm', way: 'both' },
  },
  {
    id: 'brain',
    view: 'left',
    verdict: 1,
    mechanism: 'face-and-ears',
    failure: { kind: 'frontal-cut', dose: 45, unit: 'ml', way: '' },
  },
];

const settings = { seed: 3, persons: 1, scans: 1, flair: 0, mostScansPerPerson: 1, coarser: 1 };
const plan = planBenchmark(settings);
const head = benchmarkScan({ ...plan.scans[0], variant: 'plain', lesions: 0, ghost: 0 });
const found = findHead(head.volume);
const frame = frameOf(found);
const original = renderViews(head.volume, frame);
await mkdir(folder, { recursive: true });
for (const { id, view, verdict, mechanism, failure } of cases) {
  const defacing: BenchmarkDefacing = { index: 0, id, scan: 0, mechanism, failure, seed: 7 };
  const { defaced, truth } = defaceBenchmark(plan, defacing, head);
  console.log(id, truth.verdict, truth.brainLoss.ml.toFixed(1), JSON.stringify(truth.shares));
  if (truth.verdict !== verdict) throw new Error(`${id}: the truth is ${truth.verdict}, not ${verdict}.`);
  await writeFile(join(folder, `${id}-original.png`), encodePng(halved(original[view])));
  await writeFile(join(folder, `${id}-defaced.png`), encodePng(halved(renderViews(defaced, frame)[view])));
}

/** Half as wide and high, each pixel the mean of four. */
function halved({ width, height, pixels }: GreyImage): GreyImage {
  const small = {
    width: width >> 1,
    height: height >> 1,
    pixels: new Uint8Array((width >> 1) * (height >> 1)),
  };
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      const at = 2 * y * width + 2 * x;
      const sum = pixels[at] + pixels[at + 1] + pixels[at + width] + pixels[at + width + 1];
      small.pixels[y * small.width + x] = Math.round(sum / 4);
    }
  }
  return small;
}
