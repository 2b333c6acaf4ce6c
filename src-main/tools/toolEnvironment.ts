import { delimiter, dirname, join } from 'node:path';
import type { Command, ToolPlaces } from './programTool.ts';

/**
 * The whole environment of a tool: nothing is inherited but what a program needs to start. FSL's variables, one thread, plain
 * language, no Python paths of ours, and scratch files in its own folder. Later entries win: places, then the command's own.
 */
export function toolEnvironment({
  command,
  places,
  folder,
  inherited,
}: {
  command: Command;
  places: ToolPlaces;
  folder: string;
  inherited: Readonly<Record<string, string | undefined>>;
}): Record<string, string> {
  const fsl = places.fslFolder;
  const freeSurfer = places.freeSurferFolder;
  const path = [
    // What a program starts lies beside it, often.
    ...Object.values(places.programs ?? {}).map((program) => dirname(program)),
    ...(places.searchFolders ?? []),
    ...(fsl === undefined ? [] : [join(fsl, 'bin')]),
    ...(freeSurfer === undefined ? [] : [join(freeSurfer, 'bin')]),
    inherited.PATH ?? inherited.Path ?? '',
  ];
  const kept = ['HOME', 'USERPROFILE', 'SystemRoot', 'LOCALAPPDATA', 'LD_LIBRARY_PATH', 'FS_LICENSE'];
  const merged: Record<string, string | null | undefined> = {
    ...Object.fromEntries(kept.map((name) => [name, inherited[name]])),
    PATH: path.filter((part) => part !== '').join(delimiter),
    LC_ALL: 'C',
    FSLOUTPUTTYPE: 'NIFTI_GZ',
    FSLMULTIFILEQUIT: 'TRUE',
    OMP_NUM_THREADS: '1',
    MKL_NUM_THREADS: '1',
    OPENBLAS_NUM_THREADS: '1',
    ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS: '1',
    TMPDIR: folder,
    TMP: folder,
    TEMP: folder,
    ...(fsl === undefined ? {} : { FSLDIR: fsl }),
    ...(freeSurfer === undefined ? {} : { FREESURFER_HOME: freeSurfer }),
    ...places.environment,
    ...command.env,
  };
  return Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
