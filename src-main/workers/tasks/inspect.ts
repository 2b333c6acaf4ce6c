import { inspectFile, type Inspected } from '../../files/inspectFile.ts';
import type { Candidate } from '../../files/listCandidates.ts';

/** Reads, hashes and judges one file found by import. */
export const inspect = (candidate: Candidate): Promise<Inspected> => inspectFile(candidate);
