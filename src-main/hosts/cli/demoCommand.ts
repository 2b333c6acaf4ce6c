import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';
import { openPool } from '../../workers/pool.ts';
import { writeSample } from '../../workspace/sampleStudy.ts';
import { runCommand } from './runCommand.ts';
import { bar, progressLine, type OutputOptions } from './terminal.ts';

/** `demo`: invented heads, so that the main job can be seen without any scan of a person. */
export async function demoCommand(options: OutputOptions & { out?: string; people: number }): Promise<void> {
  const folder = options.out ?? join(homedir(), 'DefaceQA demo');
  const line = progressLine(options.json !== true);
  const pool = openPool({ size: availableParallelism() });
  try {
    const { input, study } = await writeSample(folder, pool, {
      people: options.people,
      report: (done, total) => line.draw(`sample   ${bar(done, total)}`),
    });
    line.clear();
    await runCommand(input, { ...options, study });
  } finally {
    await pool.close();
  }
}
