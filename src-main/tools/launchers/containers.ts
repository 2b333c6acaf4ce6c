import type { Launcher } from './launcher.ts';
import { carriedVariables } from './launcher.ts';

/** Docker: no network, the user's own id, the work folder under its own name, everything else read-only. */
export const docker = ({ image, user }: { image: string; user?: string }): Launcher => ({
  kind: 'docker',
  wrap: (command, { folder, readOnly }) => ({
    file: 'docker',
    args: [
      'run',
      '--rm',
      '--init',
      '--network',
      'none',
      ...(user === undefined ? [] : ['--user', user]),
      '--mount',
      `type=bind,source=${folder},target=/work`,
      ...readOnly.flatMap((path) => ['--mount', `type=bind,source=${path},target=${path},readonly`]),
      '--workdir',
      '/work',
      ...carriedVariables(command.env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      '--env',
      'TMPDIR=/work',
      image,
      command.file,
      ...command.args,
    ],
    env: command.env,
  }),
});

/** Apptainer (Singularity) runs as the user anyway; a clean environment and no network namespace but its own. */
export const apptainer = ({ image }: { image: string }): Launcher => ({
  kind: 'apptainer',
  wrap: (command, { folder, readOnly }) => ({
    file: 'apptainer',
    args: [
      'exec',
      '--containall',
      '--cleanenv',
      '--net',
      '--network',
      'none',
      '--bind',
      `${folder}:/work:rw`,
      ...readOnly.flatMap((path) => ['--bind', `${path}:${path}:ro`]),
      '--pwd',
      '/work',
      ...carriedVariables(command.env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      '--env',
      'TMPDIR=/work',
      image,
      command.file,
      ...command.args,
    ],
    env: command.env,
  }),
});
