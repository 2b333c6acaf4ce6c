import { brainPath, viewsFolder } from '../../../src-shared/domain/outputNames.ts';
import type { BrainFacts, HeadFacts, OutputFile } from '../../../src-shared/domain/study.ts';
import type { Registration } from '../../../src-shared/registration/registerToTemplate.ts';
import {
  anatomyFingerprint,
  type AnatomyFingerprint,
} from '../../../src-shared/suspects/anatomyFingerprint.ts';
import { findSuspicions } from '../../../src-shared/suspects/findSuspicions.ts';
import type { Suspicion } from '../../../src-shared/suspects/suspicion.ts';
import { findHead } from '../../../src-shared/views/findHead.ts';
import { renderViews } from '../../../src-shared/views/renderViews.ts';
import { frameOf, type ViewFrame } from '../../../src-shared/views/viewFrame.ts';
import { viewNames } from '../../../src-shared/views/viewNames.ts';
import { encodeNifti } from '../../../src-shared/volume/writeNifti.ts';
import { pack } from '../../files/pack.ts';
import { encodePng } from '../../files/png.ts';
import { readShown } from '../../files/readVolume.ts';
import { brainOf } from '../brainOf.ts';
import { sharedTemplate } from '../builtInRemovals.ts';
import { writeOutput } from '../outputs.ts';
import { registered } from '../registered.ts';

export interface PrepareData {
  readonly studyFolder: string;
  readonly scanPath: string;
  readonly name: string;
  /** A mask someone made before, or null. */
  readonly ownBrainPath: string | null;
  /** What sidecar or DICOM header say of de-identification: a claim. */
  readonly deidentificationCodes: readonly string[];
}

export interface PrepareResult {
  readonly brain: BrainFacts;
  readonly registration: Registration | null;
  readonly head: HeadFacts;
  readonly frame: ViewFrame;
  readonly suspicions: readonly Suspicion[];
  /** What copies of this scan are found by. */
  readonly fingerprint: AnatomyFingerprint;
  readonly files: readonly OutputFile[];
}

/** What every defacing of a scan rests on: registration, brain mask, head level, frame and the original's views. */
export async function prepare({
  studyFolder,
  scanPath,
  name,
  ownBrainPath,
  deidentificationCodes,
}: PrepareData): Promise<PrepareResult> {
  const scan = await readShown(scanPath);
  const head = findHead(scan);
  const frame = frameOf(head);
  const registration = await registered(scan);
  const { mask, ...brain } = await brainOf({ scan, head, registration, ownBrainPath });
  const files: OutputFile[] = [];
  let brainFile: OutputFile | null = null;
  if (mask !== null) {
    brainFile = await writeOutput(studyFolder, brainPath(name), await pack(encodeNifti(mask)));
    files.push(brainFile);
  }
  const suspicions = findSuspicions({
    volume: scan,
    head,
    brain: brain.plausible ? mask : null,
    registration,
    template: await sharedTemplate(),
    claims: { deidentificationCodes },
  });
  const views = renderViews(scan, frame);
  for (const view of viewNames)
    files.push(await writeOutput(studyFolder, `${viewsFolder(name)}/${view}.png`, encodePng(views[view])));
  const { level, source, closed } = head;
  return {
    brain: { ...brain, path: brainFile?.path ?? null, sha256: brainFile?.sha256 ?? null },
    registration,
    head: { level, source, closed },
    frame,
    suspicions,
    fingerprint: anatomyFingerprint(scan, registration),
    files,
  };
}
