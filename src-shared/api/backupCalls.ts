import { call } from './call.ts';
import { strictObject } from './checks.ts';

/** Copies of the study's database; images are never in it. */
export const backupCalls = {
  'backups.list': call(strictObject({}), { who: 'any-owner' }).returns<readonly Backup[]>(),
  /** Copies while work goes on, checks the copy, then gives it its name. */
  'backups.make': call(strictObject({}), { who: 'any-owner' }).returns<Backup>(),
};

export interface Backup {
  /** File name below the folder `backups` of the study. */
  readonly name: string;
  readonly path: string;
  readonly at: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly automatic: boolean;
}
