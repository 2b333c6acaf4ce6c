import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { samplePeople } from '../../src-shared/phantom/samplePeople.ts';
import type { Pool } from '../workers/pool.ts';

/**
 * Writes the invented heads of the sample study below `folder` as a BIDS tree, each once, and says where they and the
 * study lie. Nobody is shown: every head comes from numbers.
 */
export async function writeSample(
  folder: string,
  pool: Pool,
  {
    people = 4,
    report = () => undefined,
  }: { people?: number; report?: (done: number, total: number) => void } = {},
): Promise<{ input: string; study: string }> {
  const input = join(folder, 'heads');
  const scans = samplePeople(2026, people);
  let done = 0;
  report(done, scans.length);
  await Promise.all(
    scans.map(async ({ subject, session, contrast, options }) => {
      const parts = session === null ? [subject] : [subject, session];
      const path = join(input, ...parts, 'anat', `${[...parts, contrast].join('_')}.nii.gz`);
      if (!existsSync(path)) await pool.run('sampleHead', { path, options });
      report(++done, scans.length);
    }),
  );
  return { input, study: join(folder, 'study') };
}
