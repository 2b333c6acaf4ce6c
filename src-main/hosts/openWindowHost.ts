import { existsSync } from 'node:fs';
import { homedir, availableParallelism } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import { systemClock } from '../engine/engine.ts';
import { allTools } from '../tools/allTools.ts';
import { createWorkspace, type Native, type Workspace } from '../workspace/createWorkspace.ts';
import { softwareVersion } from './cli/software.ts';
import { createHandler } from './handler.ts';

export interface WindowHostOptions {
  /** The folder that holds `resources` and `out`. */
  readonly appFolder: string;
  readonly stateFolder: string;
  readonly roots: readonly string[];
  readonly workers?: number | undefined;
  readonly sampleFolder?: string | undefined;
  readonly native?: Native | undefined;
}

/** What both windows, the desktop's and the browser's, stand on: one workspace and one handler. */
export function openWindowHost(options: WindowHostOptions): {
  workspace: Workspace;
  handler: (request: Request) => Promise<Response>;
} {
  const pages = join(options.appFolder, 'out', 'renderer');
  if (!existsSync(join(pages, 'index.html'))) {
    throw new AppError('interface-not-built', 'The interface is not built yet. Run: npm run build');
  }
  const workspace = createWorkspace({
    tools: allTools,
    workers: options.workers ?? availableParallelism(),
    clock: systemClock,
    software: softwareVersion(),
    stateFolder: options.stateFolder,
    roots: options.roots,
    helpFolder: join(options.appFolder, 'resources', 'help'),
    sampleFolder: options.sampleFolder ?? join(homedir(), 'DefaceQA demo'),
    native: options.native,
  });
  const handler = createHandler({
    dispatch: workspace.dispatch,
    events: workspace.events,
    bytes: workspace.bytes,
    pages,
  });
  return { workspace, handler };
}
