import { join } from 'node:path';
import { regionLabels } from '../../src-shared/registration/template.ts';
import { readTemplate, templateFolder } from '../../src-main/files/readTemplate.ts';
import { writeImage } from '../../src-main/files/writeNiftiFile.ts';

/**
 * Writes `keep.nii.gz` beside the template: 1 everywhere but in the labelled face (ears and forehead stay), for programs
 * that want a template and a mask of what to keep. Run after makeTemplate.ts: `node resources/template/makeKeepMask.ts`.
 */
const face = new Set<number>(
  (['leftEye', 'rightEye', 'nose', 'mouth', 'chinJaw', 'leftCheek', 'rightCheek'] as const).map(
    (region) => regionLabels[region],
  ),
);
const { shape, affine, labels } = await readTemplate();
const bits = Uint8Array.from(labels.labels, (label) => (face.has(label) ? 0 : 1));
await writeImage(join(templateFolder(), 'keep.nii.gz'), { shape, affine, bits });
