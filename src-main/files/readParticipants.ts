import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseParticipants, type Participants } from '../../src-shared/domain/participants.ts';

/** `participants.tsv` of a BIDS folder; null where there is none or it has no column `participant_id`. */
export async function readParticipants(folder: string): Promise<Participants | null> {
  try {
    return parseParticipants(await readFile(join(folder, 'participants.tsv'), 'utf8'));
  } catch {
    return null;
  }
}
