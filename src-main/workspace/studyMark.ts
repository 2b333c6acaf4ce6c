import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileWhole } from '../files/writeFile.ts';

/** The ending that the desktop is associated with; the file says only that its folder is a study. */
export const studyMark = '.defaceqa';

/** Lays the file that opens a study from the file manager into its folder, once. */
export async function markStudy(folder: string): Promise<void> {
  const path = join(folder, `study${studyMark}`);
  if (existsSync(path)) return;
  await writeFileWhole(path, 'This folder is a DefaceQA study.\n');
}
