import { applyRemoval, type RemovalProof } from '../../src-shared/defacers/applyRemoval.ts';
import type { Outcome } from '../../src-shared/domain/outcome.ts';
import type { OutputPaths } from '../../src-shared/domain/outputNames.ts';
import { scrubSidecar } from '../../src-shared/domain/sidecar.ts';
import type { OutputFile } from '../../src-shared/domain/study.ts';
import type { NiftiImage } from '../../src-shared/volume/nifti.ts';
import type { Mask } from '../../src-shared/volume/volume.ts';
import { encodeNifti } from '../../src-shared/volume/writeNifti.ts';
import { pack } from '../files/pack.ts';
import { writeOutput } from './outputs.ts';

export interface DefaceResult {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly proof: RemovalProof | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly files: readonly OutputFile[];
}

/** Brain removed by more than this share and this amount is shown as `brain-cut`. */
const cutShare = 0.05;
const cutMl = 1;

export interface FinishInput {
  readonly studyFolder: string;
  readonly image: NiftiImage;
  readonly brain: Mask | null;
  /** 1 where the tool removes, on the image's grid. */
  readonly removal: Mask;
  readonly tool: { readonly id: string; readonly title: string; readonly version: string };
  readonly paths: OutputPaths;
  /** Acquisition facts of the original's sidecar. */
  readonly sidecar: Readonly<Record<string, unknown>> | null;
  readonly details: Readonly<Record<string, unknown>>;
  /** True values that a refacing tool put in place of the face; without them it is emptied. */
  readonly replacement?: ArrayLike<number> | undefined;
}

/** The shared last step of every tool: the mask applied to the stored voxels, proved, and written with its sidecar. */
export async function finishDefacing(input: FinishInput): Promise<DefaceResult> {
  const { studyFolder, image, brain, removal, tool, paths, replacement } = input;
  const { volumeCount } = image.header;
  const refaced = replacement !== undefined;
  const details = {
    ...input.details,
    ...(refaced && { refaced }),
    // One mask for all of them.
    ...(volumeCount > 1 && { volumes: volumeCount }),
  };
  const { bytes, proof } = applyRemoval({
    image,
    removal,
    brain: brain ?? undefined,
    allVolumes: true,
    clearText: true,
    replacement,
  });
  if (proof.alteredVoxels === 0) {
    return { ...without('nothing-removed', nothingRemoved), proof, details };
  }
  const sidecar = {
    ...scrubSidecar(input.sidecar ?? {}),
    SkullStripped: false,
    DeidentificationMethod: [
      `${tool.title} ${tool.version}`,
      ...(refaced ? ['face replaced (refaced)'] : []),
    ],
    ...(refaced && { Refaced: true }),
    DeidentificationMethodCodeSequence: [
      {
        CodeValue: '113102',
        CodingSchemeDesignator: 'DCM',
        CodeMeaning: 'Clean Recognizable Visual Features Option',
      },
      {
        CodeValue: tool.id,
        CodingSchemeDesignator: '99DEFACEQA',
        CodeMeaning: `${tool.title} ${tool.version}`,
      },
    ],
  };
  const files = [
    await writeOutput(studyFolder, paths.mask, await pack(encodeNifti(removal))),
    await writeOutput(studyFolder, paths.sidecar, `${JSON.stringify(sidecar, null, 2)}\n`),
    await writeOutput(studyFolder, paths.image, await pack(bytes)),
  ];
  const { brainRemovedMl, brainRemovedVoxels, brainVoxels } = proof;
  const share = brainVoxels === null || brainVoxels === 0 ? 0 : (brainRemovedVoxels ?? 0) / brainVoxels;
  const cut = share > cutShare && (brainRemovedMl ?? 0) > cutMl;
  const reason = cut
    ? `${(100 * share).toFixed(1)} % of the brain (${(brainRemovedMl ?? 0).toFixed(1)} ml) was ${refaced ? 'replaced' : 'removed'}. Look at this defacing before it is used.`
    : '';
  return { outcome: cut ? 'brain-cut' : 'done', reason, proof, details, files };
}

const nothingRemoved =
  'What this tool would remove is empty already: the face is gone, or lies outside this image.';

/** An outcome that left no defacing. */
export const without = (outcome: Outcome, reason: string): DefaceResult => ({
  outcome,
  reason,
  proof: null,
  details: {},
  files: [],
});
