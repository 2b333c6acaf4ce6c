import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTemplate, templateFolder } from '../../src-main/files/readTemplate.ts';
import { parseStored, readStored } from '../../src-main/files/readVolume.ts';
import { writeImage, writeNiftiBytes } from '../../src-main/files/writeNiftiFile.ts';
import { applyRemoval } from '../../src-shared/defacers/applyRemoval.ts';
import { facemask } from '../../src-shared/defacers/facemask.ts';
import { registerToTemplate } from '../../src-shared/registration/registerToTemplate.ts';
import { regionLabels, type Template } from '../../src-shared/registration/template.ts';
import { applyMatrix, type Matrix } from '../../src-shared/volume/affine.ts';
import { hasShared, sharedPath } from '../fixtures/shared.ts';

const heads = ['colin27_t1', 't1_mprage_capsules', 'flair_3d_1mm'];
const goal = 1.5;

/**
 * CPU time of the registration and of a whole `facemask-builtin` (file to packed file) against niimath's `-allineate` and
 * `-deface` with the same template on the same heads. `DEFACEQA_BENCH_NIIMATH` names the program. Prints lines; false
 * where a goal is missed.
 */
export async function registrationBench(print: (line: string) => void = console.log): Promise<boolean> {
  if (!hasShared) {
    print('skipped: the reference heads in ../shared are not here');
    return true;
  }
  const niimath = process.env.DEFACEQA_BENCH_NIIMATH;
  if (niimath === undefined) print('no comparison: set DEFACEQA_BENCH_NIIMATH to the niimath program');
  const template = await readTemplate();
  const folder = mkdtempSync(join(tmpdir(), 'registration-bench-'));
  let reached = true;
  try {
    const keepPath = join(folder, 'keep.nii.gz');
    await writeImage(keepPath, keepMask(template));
    const headPath = join(templateFolder(), 'head.nii.gz');
    // Compiling and the template's own preparation are paid once, not once for each head.
    registerToTemplate(await volumeOf(sharedPath('data', 'heads', `${heads[0]}.nii.gz`)), template);
    for (const name of heads) {
      const path = sharedPath('data', 'heads', `${name}.nii.gz`);
      const volume = await volumeOf(path);
      const registering = cpuClock();
      const registration = registerToTemplate(volume, template);
      const registerSeconds = registering();
      const defacing = cpuClock();
      await defaceFile(path, join(folder, 'ours.nii.gz'), template);
      const defaceSeconds = defacing();
      print(
        `${name}: registration ${registerSeconds.toFixed(2)} s, facemask-builtin ${defaceSeconds.toFixed(2)} s CPU`,
      );
      if (niimath === undefined) continue;
      const matrixPath = join(folder, 'matrix.json');
      const allineate = run(niimath, [
        headPath,
        '-allineate',
        path,
        '-savemat',
        matrixPath,
        join(folder, 'moved'),
      ]);
      const deface = run(niimath, [path, '-deface', headPath, keepPath, join(folder, 'theirs')]);
      const apart = distanceMm(registration.templateToScan, niimathMatrix(matrixPath), template);
      const ratios = [allineate / registerSeconds, deface / defaceSeconds];
      print(
        `  niimath: -allineate ${allineate.toFixed(1)} s, -deface ${deface.toFixed(1)} s; maps ${apart.toFixed(1)} mm apart over the brain`,
      );
      print(`  ratio ${ratios.map((ratio) => ratio.toFixed(1)).join(' and ')} (goal ${String(goal)})`);
      if (ratios.some((ratio) => ratio < goal)) reached = false;
    }
    return reached;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function volumeOf(path: string) {
  return (await parseStored(await readStored(path))).volume();
}

async function defaceFile(path: string, out: string, template: Template): Promise<void> {
  const image = await parseStored(await readStored(path));
  const scan = image.volume();
  const registration = registerToTemplate(scan, template);
  const { removal } = facemask({ scan, brain: null, template, registration });
  await writeNiftiBytes(out, applyRemoval({ image, removal }).bytes);
}

/** 1 where niimath is to keep: all but the face. */
function keepMask({ shape, affine, labels }: Template) {
  const { leftEye, chinJaw, leftCheek, rightCheek } = regionLabels;
  const face = (label: number): boolean =>
    (label >= leftEye && label <= chinJaw) || label === leftCheek || label === rightCheek;
  return { shape, affine, bits: Uint8Array.from(labels.labels, (label) => (face(label) ? 0 : 1)) };
}

function cpuClock(): () => number {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  };
}

/** CPU seconds of a program, as the shell counts its children. */
function run(file: string, args: readonly string[]): number {
  const { stdout, status } = spawnSync('sh', ['-c', '"$@" 1>&2 || exit 1; times', 'sh', file, ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error('niimath failed');
  const children = stdout.trim().split('\n').at(-1) ?? '';
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, m, s]) => sum + 60 * Number(m) + Number(s),
    0,
  );
}

function niimathMatrix(path: string): Matrix {
  const { moving_to_fixed: rows } = JSON.parse(readFileSync(path, 'utf8')) as { moving_to_fixed: number[][] };
  return rows.slice(0, 3).flat() as unknown as Matrix;
}

/** Mean distance in the scan between where two maps put the voxels of the template's brain. */
function distanceMm(a: Matrix, b: Matrix, { brain }: Template): number {
  const [nx, ny] = brain.shape;
  let sum = 0;
  let count = 0;
  for (let n = 0; n < brain.values.length; n += 7) {
    if (brain.values[n] < 0.5) continue;
    const i = n % nx;
    const j = ((n - i) / nx) % ny;
    const point = applyMatrix(brain.affine, i, j, ((n - i) / nx - j) / ny);
    const [p, q] = [applyMatrix(a, ...point), applyMatrix(b, ...point)];
    sum += Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
    count++;
  }
  return sum / count;
}
