import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readMask, readVolume } from '../../../src-main/files/readVolume.ts';
import { findTools } from '../../../src-main/tools/findTools.ts';
import { native } from '../../../src-main/tools/launchers/launcher.ts';
import { niimath } from '../../../src-main/tools/niimath.ts';
import type { ProgramTool, ToolPlaces } from '../../../src-main/tools/programTool.ts';
import { pydeface } from '../../../src-main/tools/pydeface.ts';
import { quickshear } from '../../../src-main/tools/quickshear.ts';
import { runTool, type ToolRun } from '../../../src-main/tools/runTool.ts';
import { takeIn } from '../../../src-shared/defacers/intake.ts';
import { measure } from '../../../src-shared/features/measure.ts';
import { shear } from '../../../src-shared/defacers/shear.ts';
import { spacingOf } from '../../../src-shared/volume/affine.ts';
import { canonicalMask, canonicalVolume } from '../../../src-shared/volume/canonical.ts';
import { dice } from '../../../src-shared/volume/dice.ts';
import { countInside, voxelMl, type Mask } from '../../../src-shared/volume/volume.ts';
import { shearByRules } from '../../fixtures/quickshearRules.ts';
import { describeIf, hasShared, sharedPath } from '../../fixtures/shared.ts';

const bin = process.env.DEFACEQA_TOOLS_BIN ?? '';
const here = hasShared && ['quickshear', 'niimath', 'pydeface'].every((name) => existsSync(join(bin, name)));
const standIns = join(import.meta.dirname, '..', '..', 'fixtures', 'stand-ins');
const heads = [
  'colin27_t1', 't1_fullhead_1p6mm', 't1_mprage_capsules', 't1_2dsag_hfs',
  't1_2dsag_hfdr_cutfov', 't2_oblique_cutfov', 'flair_3d_1mm', 't1_patient_upperface',
]; // prettier-ignore
const headPath = (name: string): string => sharedPath('data', 'heads', `${name}.nii.gz`);
const brainOf = (name: string): Promise<Mask> =>
  readMask(sharedPath('data', 'deepbet', `${name}_deepbet.nii.gz`));
const peer = (name: string, tool: string): Promise<Mask> =>
  readMask(sharedPath('data', 'peers', `${name}_${tool}-removed.nii.gz`));
/** A path on which nothing of a user's own installation lies. */
const inherited = { PATH: '/usr/bin:/bin', HOME: tmpdir() };

async function real(tool: ProgramTool, name: string, places: ToolPlaces = {}): Promise<ToolRun> {
  const root = mkdtempSync(join(tmpdir(), 'defaceqa-real-'));
  return runTool({
    tool,
    volume: await readVolume(headPath(name)),
    brain: await brainOf(name),
    places: { searchFolders: [bin], ...places },
    inherited,
    workFolder: join(root, 'work'),
    logPath: join(root, 'log.txt'),
  });
}
const reach =
  'quickshear, niimath and pydeface are not in DEFACEQA_TOOLS_BIN, or the shared heads are not here';

describeIf(here, reach, 'real programs on real heads', () => {
  it.each(heads)(
    'quickshear on %s takes none of the brain, and differs from the built-in plane by its four faults only',
    async (name) => {
      const run = await real(quickshear, name);
      expect(run.outcome).toBe('done');
      expect(run.intake?.facts?.brainRemovedMl).toBeLessThan(1);
      const brain = await brainOf(name);
      const head = await readVolume(headPath(name));
      const inHead = (bits: Uint8Array): Uint8Array => bits.map((bit, n) => (head.values[n] === 0 ? 0 : bit));
      const theirs = inHead(run.mask?.bits ?? new Uint8Array(0));
      const like = (bits: Uint8Array): string => (dice(inHead(bits), theirs) ?? 0).toFixed(3);
      const bufferMm = quickshear.defaults.bufferMm;
      // The same buffer, then one fault after another put back: with all of them it is the program's own mask.
      const faults = [
        {},
        { edge: true },
        { edge: true, firstSegment: true },
        { edge: true, firstSegment: true, voxelBuffer: true },
        { edge: true, firstSegment: true, voxelBuffer: true, wholeRows: true },
      ].map((some) => shearByRules(brain, bufferMm, some).bits);
      const { removal, plane } = shear({ brain });
      const ml = (bits: Uint8Array): string => (countInside(bits) * voxelMl(head)).toFixed(0);
      console.log(
        `| ${name} | ${ml(theirs)} / ${ml(inHead(removal.bits))} ml | ${slopeDegrees(run.mask ?? brain).toFixed(0)} / ${plane.slopeDegrees.toFixed(0)} | ${like(removal.bits)} | ${faults.map(like).join(' | ')} |`,
      );
      const last = inHead(faults[faults.length - 1]);
      let differing = 0;
      for (let n = 0; n < last.length; n++) if (last[n] !== theirs[n]) differing++;
      expect(differing).toBe(0);
    },
    60_000,
  );

  it('the plane of the rules without a fault is the built-in one', async () => {
    const brain = await brainOf('colin27_t1');
    const ours = shear({ brain, bufferMm: 10 }).removal.bits;
    expect(dice(shearByRules(brain, 10, {}).bits, ours)).toBeGreaterThan(0.995);
  });

  it('niimath with a template of a lab removes the face and none of the brain', async () => {
    const found = pydefaceData();
    const run = await real(niimath, 't1_fullhead_1p6mm', {
      niimathTemplate: join(found, 'mean_reg2mean.nii.gz'),
      niimathKeepMask: join(found, 'facemask.nii.gz'),
    });
    expect(run.outcome).toBe('done');
    expect(run.intake?.facts?.brainRemovedMl).toBeLessThan(1);
    const head = await readVolume(headPath('t1_fullhead_1p6mm'));
    expect(run.mask).toMatchObject({ shape: head.shape, affine: head.affine });
    expect(run.intake?.facts?.removedFraction).toBeGreaterThan(0.03);
  }, 60_000);

  it('PyDeface without FSL says what to install', async () => {
    const run = await real(pydeface, 't1_fullhead_1p6mm');
    expect(run.outcome).toBe('tool-missing');
    expect(run.reason).toMatch(/flirt.*FSLDIR.*fsl\.fmrib\.ox\.ac\.uk/);
  });

  it('PyDeface itself says that FSL is missing, and that is read from its log', async () => {
    const unchecked = { ...pydeface, needs: { ...pydeface.needs, programs: ['pydeface'], folders: [] } };
    const run = await real(unchecked, 't1_fullhead_1p6mm');
    expect(run.outcome).toBe('tool-missing');
    expect(run.end?.exitCode).toBe(1);
    expect(run.reason).toContain('fsl.fmrib.ox.ac.uk');
  }, 60_000);

  it('PyDeface whole, with a stand-in for flirt that registers for real, takes what FLIRT takes', async () => {
    const run = await real(pydeface, 't1_fullhead_1p6mm', {
      searchFolders: [standIns, bin],
      fslFolder: standIns,
    });
    expect(run.outcome).toBe('done');
    const facts = run.intake?.facts;
    expect(facts?.ownMaskUsed).toBe(true);
    expect(facts?.brainRemovedMl).toBeLessThan(1);
    const head = await readVolume(headPath('t1_fullhead_1p6mm'));
    const inHead = (bits: Uint8Array): Uint8Array => bits.map((bit, n) => (head.values[n] === 0 ? 0 : bit));
    const likeness = dice(
      inHead(run.mask?.bits ?? new Uint8Array(0)),
      inHead((await peer('t1_fullhead_1p6mm', 'pydeface')).bits),
    );
    console.log(
      `PyDeface with niimath's registration against FLIRT's: Dice ${likeness?.toFixed(3)}, ${run.end?.durationMs.toFixed(0)} ms, ${run.end?.peakMemoryMb?.toFixed(0)} MB`,
    );
    expect(likeness).toBeGreaterThan(0.8);
  }, 120_000);

  it.each(heads)(
    "FLIRT's PyDeface on %s is taken in voxel for voxel",
    async (name) => {
      const original = await readVolume(headPath(name));
      const removed = await peer(name, 'pydeface');
      const raw = { ...original, values: original.values.map((v, n) => (removed.bits[n] === 1 ? 0 : v)) };
      const intake = takeIn({
        staged: canonicalVolume(original),
        raw: canonicalVolume(raw),
        rawRoundingError: 0,
        original,
        brain: await brainOf(name),
        refaces: false,
      });
      expect(intake.outcome).toBe('done');
      const measured = measure({ original, defaced: raw, brain: await brainOf(name), views: null });
      console.log(
        `${name}: head loss ${measured.head_loss_pct.value?.toFixed(2)} %, brain loss ${measured.brain_loss_ml.value?.toFixed(2)} ml`,
      );
      expect(measured.head_loss_pct.value).toBeGreaterThan(1);
      let differing = 0;
      for (let n = 0; n < removed.bits.length; n++) {
        if (original.values[n] !== 0 && removed.bits[n] !== intake.removal?.bits[n]) differing++;
      }
      expect(differing).toBe(0);
    },
    30_000,
  );

  it('finds what is there, with versions, and says what mends the rest', async () => {
    const [a, b, c] = await findTools(
      [pydeface, quickshear, niimath],
      () => ({ places: { searchFolders: [bin] }, launcher: native }),
      inherited,
    );
    expect(a).toMatchObject({ found: false, version: '2.1.0' });
    expect(a.mend).toContain('FSL');
    expect(b).toMatchObject({ found: true, version: '1.2.0', mend: null });
    expect(c.version).toMatch(/^1\.0\./);
    expect(c.missing.map((m) => m.what)).toContain('template');
  }, 60_000);
});

/** PyDeface's own template, which niimath takes as it is: beside the program, in the Python of that environment. */
function pydefaceData(): string {
  const lib = join(bin, '..', 'lib');
  const versions = ['python3.10', 'python3.11', 'python3.12', 'python3.13'];
  const found = versions
    .map((v) => join(lib, v, 'site-packages', 'pydeface', 'data'))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error('PyDeface has no data folder here');
  return found;
}

/** How steeply the upper edge of a removal rises towards the front: least squares over its columns seen from the side. */
function slopeDegrees(removal: Mask): number {
  const { shape, affine, bits } = canonicalMask(removal);
  const [nx, ny, nz] = shape;
  const [, dy, dz] = spacingOf(affine);
  const edge: [number, number][] = [];
  for (let j = 0; j < ny; j++) {
    let top = -1;
    for (let k = 0; k < nz; k++) {
      for (let i = 0; i < nx; i++) if (bits[i + nx * (j + ny * k)] === 1) top = k;
    }
    if (top > 1 && top < nz - 2) edge.push([j * dy, top * dz]);
  }
  const mean = (at: 0 | 1): number => edge.reduce((sum, point) => sum + point[at], 0) / edge.length;
  const [my, mz] = [mean(0), mean(1)];
  const covariance = edge.reduce((sum, [y, z]) => sum + (y - my) * (z - mz), 0);
  const variance = edge.reduce((sum, [y]) => sum + (y - my) ** 2, 0);
  return (Math.atan(covariance / variance) * 180) / Math.PI;
}
