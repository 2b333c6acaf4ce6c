import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../src-shared/api/appError.ts';
import { createClient, type Send } from '../../../src-shared/api/client.ts';
import { contract } from '../../../src-shared/api/contract.ts';
import type { ApiOf } from '../../../src-shared/api/call.ts';
import { createEngine, systemClock, type OpenEngine } from '../../engine/engine.ts';
import { machineSettingsIn } from '../../files/machineSettings.ts';
import { allTools } from '../../tools/allTools.ts';
import { studyFileName } from '../../store/openStore.ts';
import { openPool } from '../../workers/pool.ts';
import { stateFolder } from '../stateFolder.ts';
import { signIn } from './signIn.ts';
import { softwareVersion } from './software.ts';

export interface Opened {
  readonly api: ApiOf<typeof contract>;
  readonly engine: OpenEngine;
}

/** Opens a study, lends it to `work` and closes it whatever happens. */
export async function withEngine<T>(
  options: {
    studyFolder: string;
    workers?: number | undefined;
    /** Looks only into a study that is there; else one is made. */
    mustExist?: boolean;
    /** Id of a study that is made now; random by default. */
    newStudyId?: () => string;
  },
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  if (options.mustExist === true && !existsSync(join(options.studyFolder, studyFileName)))
    throw new AppError('study-missing', 'There is no study in this folder: it has no file study.sqlite.');
  const workers = openPool({ size: options.workers ?? availableParallelism() });
  try {
    const engine = await createEngine({
      studyFolder: options.studyFolder,
      tools: allTools,
      machineSettings: machineSettingsIn(join(stateFolder(), 'settings.json')),
      workers,
      clock: systemClock,
      software: softwareVersion(),
      ...(options.newStudyId !== undefined && { newStudyId: options.newStudyId }),
    });
    try {
      const session = await signIn(engine);
      const send: Send = (name, input) => engine.dispatch(name, input, session);
      return await work({ api: createClient(contract, send), engine });
    } finally {
      await engine.close();
    }
  } finally {
    await workers.close();
  }
}
