import type { Migration } from './migration.ts';
import { mainJob } from './migrations/001-main-job.ts';
import { suspicions } from './migrations/002-suspicions.ts';
import { rating } from './migrations/003-rating.ts';
import { release } from './migrations/004-release.ts';
import { scanMapping } from './migrations/005-scan-mapping.ts';
import { learning } from './migrations/006-learning.ts';
import { settingsAndSessions } from './migrations/007-settings-and-sessions.ts';
import { triageModels } from './migrations/008-triage-models.ts';
import { rawOutputs } from './migrations/009-raw-outputs.ts';
import { triageVerdicts } from './migrations/010-triage-verdicts.ts';
import { predictorTables } from './migrations/011-predictors.ts';

/** Every step of the schema, in order. A new one is added at the end with a test that starts from the one before. */
export const migrations: readonly Migration[] = [
  mainJob,
  suspicions,
  rating,
  release,
  scanMapping,
  learning,
  settingsAndSessions,
  triageModels,
  rawOutputs,
  triageVerdicts,
  predictorTables,
];
