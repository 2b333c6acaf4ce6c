import { readFile } from 'node:fs/promises';
import { stemOf } from '../../src-shared/domain/scanIdentity.ts';

export interface Sidecar {
  /** null where there is none or it cannot be used. */
  readonly fields: Readonly<Record<string, unknown>> | null;
  readonly state: 'read' | 'absent' | 'unusable';
}

/** The JSON file of the same name beside an image. A broken one is said to be so and otherwise ignored. */
export async function readSidecar(imagePath: string): Promise<Sidecar> {
  let text: string;
  try {
    text = await readFile(`${stemOf(imagePath)}.json`, 'utf8');
  } catch (cause) {
    const absent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    return { fields: null, state: absent ? 'absent' : 'unusable' };
  }
  try {
    const fields: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) {
      return { fields: fields as Record<string, unknown>, state: 'read' };
    }
  } catch {
    return { fields: null, state: 'unusable' };
  }
  return { fields: null, state: 'unusable' };
}
