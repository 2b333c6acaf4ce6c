import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTemplate, templateFolder } from '../../src-main/files/readTemplate.ts';
import { readMask, readVolume } from '../../src-main/files/readVolume.ts';
import { extractBrain } from '../../src-shared/brain/extractBrain.ts';
import { registerToTemplate } from '../../src-shared/registration/registerToTemplate.ts';
import type { Template } from '../../src-shared/registration/template.ts';
import { findHead } from '../../src-shared/views/findHead.ts';
import { dice } from '../../src-shared/volume/dice.ts';
import { maskMl } from '../../src-shared/volume/volume.ts';
import { hasShared, sharedPath } from '../fixtures/shared.ts';

/** Heads by person; those of one person leave the template together. */
const people = [
  ['colin27_t1'],
  ['flair_3d_1mm'],
  ['t1_2dsag_hfdr_cutfov', 't1_2dsag_hfs'],
  ['t1_defaced_studyforrest'],
  ['t1_fullhead_1p6mm'],
  ['t1_mprage_capsules'],
  ['t1_patient_upperface'],
  ['t2_oblique_cutfov'],
  ['flair_skullstripped'],
] as const;
/** Not in the shipped template. */
const neverIn = 'flair_skullstripped';
const goals = { each: 0.95, median: 0.97, seconds: 2 };

/**
 * Dice with the referee network's brain masks, volume, and CPU time (registration, head outline and mask) of every
 * reference head. With `DEFACEQA_BENCH_LEAVE_OUT=1` the template is made again without each person first (minutes), which
 * tells how heads fare that it has never seen. Prints lines; false where a goal is missed.
 */
export async function brainBench(print: (line: string) => void = console.log): Promise<boolean> {
  if (!hasShared) {
    print('skipped: the reference heads in ../shared are not here');
    return true;
  }
  const leaveOut = process.env.DEFACEQA_BENCH_LEAVE_OUT === '1';
  print(
    leaveOut
      ? 'template without the person'
      : 'shipped template (DEFACEQA_BENCH_LEAVE_OUT=1 leaves persons out)',
  );
  const shipped = await readTemplate();
  // Compiling is paid once, not once for each head.
  brainOf(await readVolume(sharedPath('data', 'heads', 'colin27_t1.nii.gz')), shipped);
  const overlaps: number[] = [];
  let slowest = 0;
  for (const heads of people) {
    const template = leaveOut && heads[0] !== neverIn ? await templateWithout(heads) : shipped;
    for (const name of heads) {
      const scan = await readVolume(sharedPath('data', 'heads', `${name}.nii.gz`));
      const referee = await readMask(sharedPath('data', 'deepbet', `${name}_deepbet.nii.gz`));
      registerToTemplate(scan, template); // the template's own preparation is kept for all scans
      const start = process.cpuUsage();
      const { mask, plausibility, how } = brainOf(scan, template);
      const { user, system } = process.cpuUsage(start);
      const seconds = (user + system) / 1e6;
      const overlap = dice(mask.bits, referee.bits) ?? 0;
      overlaps.push(overlap);
      slowest = Math.max(slowest, seconds);
      print(
        `${name.padEnd(24)} Dice ${overlap.toFixed(3)}  ${maskMl(mask).toFixed(0)} ml (referee ${maskMl(referee).toFixed(0)})  ` +
          `${seconds.toFixed(2)} s  ${how}  ${plausibility.plausible ? 'plausible' : plausibility.reasons.join(' ')}`,
      );
    }
  }
  overlaps.sort((a, b) => a - b);
  const median = (overlaps[4] + overlaps[5]) / 2;
  print(
    `least ${overlaps[0].toFixed(3)} (goal ${goals.each}), median ${median.toFixed(3)} (goal ${goals.median}), ` +
      `slowest ${slowest.toFixed(2)} s (goal ${goals.seconds})`,
  );
  return overlaps[0] >= goals.each && median >= goals.median && slowest <= goals.seconds;
}

function brainOf(scan: Awaited<ReturnType<typeof readVolume>>, template: Template) {
  return extractBrain(scan, {
    template,
    registration: registerToTemplate(scan, template),
    head: findHead(scan),
  });
}

async function templateWithout(heads: readonly string[]): Promise<Template> {
  const folder = mkdtempSync(join(tmpdir(), 'brain-bench-'));
  try {
    const args = [sharedPath('data', 'heads'), sharedPath('data', 'deepbet'), folder, heads.join(',')];
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(templateFolder(), 'makeTemplate.ts'), ...args],
      {
        encoding: 'utf8',
      },
    );
    if (status !== 0) throw new Error(`the template was not made: ${stderr}`);
    return await readTemplate(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
