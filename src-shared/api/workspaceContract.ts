import { call } from './call.ts';
import type { ToolSummary } from './contract.ts';
import { machineSettingsCalls } from './settingsCalls.ts';
import { maxLength, minLength, nullable, pipe, strictObject, string } from './checks.ts';

const folder = pipe(string(), minLength(1), maxLength(4096));

/** Calls of the window itself, before and around a study. */
export const workspaceContract = {
  ...machineSettingsCalls,
  'workspace.state': call(strictObject({}), { who: 'anyone' }).returns<WorkspaceState>(),
  'workspace.openStudy': call(strictObject({ folder }), { who: 'anyone' }).returns<OpenStudy>(),
  'workspace.createStudy': call(strictObject({ folder }), { who: 'anyone' }).returns<OpenStudy>(),
  'workspace.closeStudy': call(strictObject({}), { who: 'anyone' }).returns<null>(),
  'workspace.forgetStudy': call(strictObject({ folder }), { who: 'anyone' }).returns<null>(),
  /** Puts a study back on the list from which it was taken. */
  'workspace.rememberStudy': call(strictObject({ folder, at: folder }), { who: 'anyone' }).returns<null>(),
  /** The tools of this machine, with no study open. */
  'workspace.tools': call(strictObject({}), { who: 'anyone' }).returns<readonly ToolSummary[]>(),
  /** Asks with the system's own dialog; null when it was put away. Only the desktop window has one. */
  'workspace.pickFolder': call(strictObject({ title: folder }), { who: 'anyone' }).returns<{
    folder: string | null;
  }>(),
  /** Shows a file or folder in the system's file manager; opens nothing. Only the desktop window can. */
  'workspace.reveal': call(strictObject({ path: folder }), { who: 'anyone' }).returns<null>(),
  'workspace.makeSample': call(strictObject({}), { who: 'anyone' }).returns<{
    folder: string;
    input: string;
  }>(),
  /** Puts a copy of `backups.list` in the place of the database of the open study, and opens it again. Everybody signs in anew. */
  'workspace.restoreBackup': call(strictObject({ name: pipe(string(), minLength(1), maxLength(200)) }), {
    who: 'any-owner',
  }).returns<{ readonly replaced: string | null }>(),
  'workspace.browse': call(strictObject({ folder: nullable(folder) }), {
    who: 'anyone',
  }).returns<FolderListing>(),
  'help.pages': call(strictObject({}), { who: 'anyone' }).returns<readonly HelpPage[]>(),
};

export interface RecentStudy {
  readonly folder: string;
  readonly name: string;
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly missing: boolean;
}

export interface OpenStudy {
  readonly folder: string;
  readonly name: string;
}

export interface WorkspaceState {
  readonly software: string;
  /** Worker threads a study uses here. */
  readonly workers: number;
  /** Folders the workstation may look into. */
  readonly roots: readonly string[];
  /** The system's own dialogs are at hand: this is the desktop window. */
  readonly native: boolean;
  readonly study: OpenStudy | null;
  readonly recent: readonly RecentStudy[];
}

export interface FolderListing {
  /** null at the list of roots. */
  readonly path: string | null;
  readonly parent: string | null;
  readonly folders: readonly { readonly path: string; readonly name: string }[];
  /** Images lying in this folder itself. */
  readonly images: number;
  readonly isStudy: boolean;
}

export interface HelpPage {
  readonly id: string;
  readonly title: string;
  /** Markdown. */
  readonly text: string;
}
