import type { Job, JobProgress } from '../domain/study.ts';
import { contract } from './contract.ts';
import { workspaceContract } from './workspaceContract.ts';

/** Every call a window can make: those of the study that is open, and those of the window itself. */
export const hostContract = { ...contract, ...workspaceContract };

/** What a host tells its pages without being asked. */
export type HostEvent =
  | { readonly kind: 'progress'; readonly progress: JobProgress }
  | { readonly kind: 'job-ended'; readonly job: Job }
  | { readonly kind: 'study-changed' }
  | { readonly kind: 'menu'; readonly command: string };
