import { scrubSidecar } from '../../../src-shared/domain/sidecar.ts';
import type { Outcome } from '../../../src-shared/domain/outcome.ts';
import type { OutputPaths } from '../../../src-shared/domain/outputNames.ts';
import type { OutputFile } from '../../../src-shared/domain/study.ts';
import { sameHead, type SameHead } from '../../../src-shared/triage/samePerson.ts';
import { withoutText } from '../../../src-shared/volume/headerText.ts';
import { countInside, sameGrid } from '../../../src-shared/volume/volume.ts';
import { encodeNifti } from '../../../src-shared/volume/writeNifti.ts';
import { pack } from '../../files/pack.ts';
import { readNifti } from '../../files/readVolume.ts';
import { writeOutput } from '../outputs.ts';

export interface TakeGivenData {
  readonly studyFolder: string;
  readonly originalPath: string;
  readonly defacedPath: string;
  readonly paths: OutputPaths;
  readonly label: string;
  readonly sidecar: Readonly<Record<string, unknown>> | null;
}

export interface TakeGivenResult {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly sameHead: SameHead | null;
  readonly files: readonly OutputFile[];
}

/**
 * A defacing made elsewhere, as it is: its voxels are not touched, so that what is judged is what somebody may share. What
 * differs from the original becomes the mask.
 */
export async function takeGiven(data: TakeGivenData): Promise<TakeGivenResult> {
  const { studyFolder, paths, label } = data;
  const original = await readNifti(data.originalPath);
  const defaced = await readNifti(data.defacedPath);
  if (defaced.header.volumeCount > 1 || !sameGrid(original.grid, defaced.grid, 1e-2)) {
    const reason =
      'The defaced file does not lie on the grid of its original, so it can not be compared with it.';
    return { outcome: 'wrong-grid', reason, sameHead: null, files: [] };
  }
  const { altered, ...same } = sameHead(original.volume(), defaced.volume());
  if (countInside(altered.bits) === 0) {
    return {
      outcome: 'nothing-removed',
      reason: 'It is the same as its original.',
      sameHead: same,
      files: [],
    };
  }
  const sidecar = {
    ...scrubSidecar(data.sidecar ?? {}),
    SkullStripped: false,
    DeidentificationMethod: [`made elsewhere (${label})`],
  };
  const files = [
    await writeOutput(studyFolder, paths.mask, await pack(encodeNifti(altered))),
    await writeOutput(studyFolder, paths.sidecar, `${JSON.stringify(sidecar, null, 2)}\n`),
    await writeOutput(studyFolder, paths.image, await pack(withoutText(defaced))),
  ];
  const reason =
    same.verdict === 'same'
      ? ''
      : 'What was kept differs from the original: it may be of another person or another scan.';
  return { outcome: 'done', reason, sameHead: same, files };
}
