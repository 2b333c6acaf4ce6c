import { encodeNifti } from '../../../src-shared/volume/writeNifti.ts';
import { phantomHead, type PhantomHeadOptions } from '../../../src-shared/phantom/phantomHead.ts';
import { writeNiftiBytes } from '../../files/writeNiftiFile.ts';

/** Makes one invented head and writes it as a scan. */
export async function sampleHead({
  path,
  options,
}: {
  path: string;
  options: PhantomHeadOptions;
}): Promise<null> {
  await writeNiftiBytes(path, encodeNifti(phantomHead(options).volume));
  return null;
}
