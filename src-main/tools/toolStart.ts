import type { LauncherChoice, ToolingSettings } from '../../src-shared/domain/settings.ts';
import { apptainer, docker } from './launchers/containers.ts';
import { native, type Launcher } from './launchers/launcher.ts';
import { wsl } from './launchers/wsl.ts';
import type { ProgramTool, ToolPlaces } from './programTool.ts';
import type { ToolSettings } from './tool.ts';

/** All that starting one tool takes, beside the scan. */
export interface ToolStart {
  readonly places: ToolPlaces;
  readonly launcher: Launcher;
  readonly timeoutMs: number;
  /** The tool's own defaults with what is set over them. */
  readonly settings: ToolSettings;
}

/** What is known of this machine besides settings. */
export interface Machine {
  readonly inherited: Readonly<Record<string, string | undefined>>;
  /** `1000:1000` for containers on Linux; absent elsewhere, where files are shared under the user anyway. */
  readonly user?: string | undefined;
  /** Where nothing is set: the template that comes with this program, the atlas folder in its usual place. */
  readonly places: ToolPlaces;
}

/** How a tool is started by these settings: what is set for the tool, else for all, else what the environment says. Pure. */
export function toolStart(
  tool: Pick<ProgramTool, 'id' | 'needs' | 'timeoutMs' | 'defaults'>,
  settings: ToolingSettings,
  { inherited, user, places: usual }: Machine,
): ToolStart {
  const own = settings.tools?.[tool.id] ?? {};
  const { path, timeoutMinutes } = own;
  const licence = settings.freeSurferLicence ?? inherited.FS_LICENSE;
  const pick = (set: string | undefined, otherwise: string | undefined): string | undefined =>
    set ?? otherwise;
  const found = {
    searchFolders: settings.searchFolders,
    fslFolder: pick(settings.fslFolder, usual.fslFolder),
    freeSurferFolder: pick(settings.freeSurferFolder, usual.freeSurferFolder),
    atlasFolder: pick(settings.atlasFolder, usual.atlasFolder),
    niimathTemplate: pick(settings.niimathTemplate, usual.niimathTemplate),
    niimathKeepMask: pick(settings.niimathKeepMask, usual.niimathKeepMask),
    programs: path === undefined ? undefined : { [tool.needs.programs[0]]: path },
    environment: licence === undefined ? undefined : { FS_LICENSE: licence },
  };
  const places = Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
  return {
    places,
    launcher: launcherOf(own.launcher ?? settings.launcher ?? { kind: 'native' }, { places, user }),
    timeoutMs: timeoutMinutes === undefined ? tool.timeoutMs : timeoutMinutes * 60_000,
    settings: { ...tool.defaults, ...own.settings },
  };
}

function launcherOf(
  choice: LauncherChoice,
  { places, user }: { places: ToolPlaces; user: string | undefined },
): Launcher {
  if (choice.kind === 'native') return native;
  if (choice.kind === 'docker') return docker({ image: choice.image, ...(user !== undefined && { user }) });
  if (choice.kind === 'apptainer') return apptainer({ image: choice.image });
  return wsl({
    ...(choice.distribution !== undefined && { distribution: choice.distribution }),
    searchFolders: [
      ...(places.searchFolders ?? []),
      ...[places.fslFolder, places.freeSurferFolder].flatMap((f) => (f === undefined ? [] : [`${f}/bin`])),
    ],
  });
}
