import { AppError } from '../../src-shared/api/appError.ts';
import { registerToTemplate, type Registration } from '../../src-shared/registration/registerToTemplate.ts';
import type { Volume } from '../../src-shared/volume/volume.ts';
import { sharedTemplate } from './builtInRemovals.ts';

/** The template carried onto a scan; null where the image has no signal to register by. */
export async function registered(scan: Volume): Promise<Registration | null> {
  try {
    return registerToTemplate(scan, await sharedTemplate());
  } catch (error) {
    if (error instanceof AppError && error.code === 'registration-no-signal') return null;
    throw error;
  }
}
