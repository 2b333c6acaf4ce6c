import { join } from 'node:path';
import { AppError } from '../../../src-shared/api/appError.ts';
import { applyRemoval, type RemovalProof } from '../../../src-shared/defacers/applyRemoval.ts';
import type { Outcome } from '../../../src-shared/domain/outcome.ts';
import type { OutputPaths } from '../../../src-shared/domain/outputNames.ts';
import { scrubSidecar } from '../../../src-shared/domain/sidecar.ts';
import type { BrainFacts, OutputFile } from '../../../src-shared/domain/study.ts';
import type { Registration } from '../../../src-shared/registration/registerToTemplate.ts';
import { encodeNifti } from '../../../src-shared/volume/writeNifti.ts';
import { pack } from '../../files/pack.ts';
import { readMask, readNifti } from '../../files/readVolume.ts';
import { makeRemoval, type BuiltInId } from '../builtInRemovals.ts';
import { writeOutput } from '../outputs.ts';

export interface DefaceData {
  readonly studyFolder: string;
  readonly scanPath: string;
  readonly tool: {
    readonly id: BuiltInId;
    readonly title: string;
    readonly version: string;
    readonly needsBrain: boolean;
  };
  readonly settings: Readonly<Record<string, unknown>>;
  readonly brain: BrainFacts;
  readonly registration: Registration | null;
  readonly paths: OutputPaths;
  /** Acquisition facts of the original's sidecar. */
  readonly sidecar: Readonly<Record<string, unknown>> | null;
}

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

/** One built-in tool on one scan: mask, application, proof, files. Files are in place when it answers. */
export async function deface(data: DefaceData): Promise<DefaceResult> {
  const { brain: brainFacts, tool, studyFolder } = data;
  if (tool.needsBrain && (brainFacts.path === null || !brainFacts.plausible)) {
    return without('brain-mask-missing', brainFacts.reason);
  }
  const image = await readNifti(data.scanPath);
  const brain =
    brainFacts.path === null ? null : await readMask(join(studyFolder, brainFacts.path), image.grid);
  const made = await makeRemoval(tool.id, {
    image,
    brain,
    registration: data.registration,
    settings: data.settings,
  }).catch((error: unknown) => {
    const outcome = error instanceof AppError ? refusals[error.code] : undefined;
    if (outcome === undefined || !(error instanceof AppError)) throw error;
    return without(outcome, error.message);
  });
  if ('outcome' in made) return made;
  const { removal, details } = made;
  const { bytes, proof } = applyRemoval({ image, removal, brain: brain ?? undefined, clearText: true });
  if (proof.alteredVoxels === 0) {
    return { ...without('nothing-removed', nothingRemoved), proof, details };
  }
  const { paths } = data;
  const sidecar = {
    ...scrubSidecar(data.sidecar ?? {}),
    SkullStripped: false,
    DeidentificationMethod: [`${tool.title} ${tool.version}`],
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
    ? `${(100 * share).toFixed(1)} % of the brain (${(brainRemovedMl ?? 0).toFixed(1)} ml) was removed. Look at this defacing before it is used.`
    : '';
  return { outcome: cut ? 'brain-cut' : 'done', reason, proof, details, files };
}

const nothingRemoved =
  'What this tool would remove is empty already: the face is gone, or lies outside this image.';

const without = (outcome: Outcome, reason: string): DefaceResult => ({
  outcome,
  reason,
  proof: null,
  details: {},
  files: [],
});

/** Errors of the built-in methods that say something about the scan, not about the machine. */
const refusals: Readonly<Partial<Record<string, Outcome>>> = {
  'brain-mask-empty': 'brain-mask-missing',
  'brain-mask-implausible': 'brain-mask-missing',
  'registration-poor': 'registration-failed',
  'registration-no-signal': 'registration-failed',
};
