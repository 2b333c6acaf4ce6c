import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { phantomHead } from '../../../src-shared/phantom/phantomHead.ts';
import { samplePeople } from '../../../src-shared/phantom/samplePeople.ts';
import { encodeNifti } from '../../../src-shared/volume/writeNifti.ts';
import { writeNiftiBytes } from '../../files/writeNiftiFile.ts';
import { runCommand } from './runCommand.ts';
import { progressLine, type OutputOptions } from './terminal.ts';

/** `demo`: invented heads, so that the main job can be seen without any scan of a person. */
export async function demoCommand(options: OutputOptions & { out?: string; people: number }): Promise<void> {
  const folder = options.out ?? join(homedir(), 'DefaceQA demo');
  const line = progressLine(options.json !== true);
  for (const { subject, session, contrast, options: phantom } of samplePeople(2026, options.people)) {
    const parts = session === null ? [subject] : [subject, session];
    const path = join(folder, 'heads', ...parts, 'anat', `${[...parts, contrast].join('_')}.nii.gz`);
    line.draw(`sample   ${subject} ${contrast}`);
    if (await there(path)) continue;
    await writeNiftiBytes(path, encodeNifti(phantomHead(phantom).volume));
  }
  line.clear();
  await runCommand(join(folder, 'heads'), { ...options, study: join(folder, 'study') });
}

const there = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
