import type { Launcher } from './launcher.ts';
import { carriedVariables } from './launcher.ts';

/** The suites of a container are its own: where they lie on this machine says nothing there. */
const suites = ['FSLDIR', 'FREESURFER_HOME'];

/**
 * Docker: no network, no pulling of images, the user's own id, the work folder under its own name, everything else
 * read-only.
 */
export const docker = ({ image, user }: { image: string; user?: string }): Launcher => ({
  kind: 'docker',
  program: 'docker',
  file: null,
  mend: `Install Docker, and put the image here once: docker pull ${image}`,
  wrap: (command, { folder, readOnly }) => ({
    file: 'docker',
    args: [
      'run',
      '--rm',
      '--init',
      '--pull',
      'never',
      '--network',
      'none',
      ...(user === undefined ? [] : ['--user', user]),
      '--mount',
      `type=bind,source=${folder},target=/work`,
      ...readOnly.flatMap((path) => ['--mount', `type=bind,source=${path},target=${path},readonly`]),
      '--workdir',
      '/work',
      ...carriedVariables(command.env, suites).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      '--env',
      'HOME=/work',
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
  program: 'apptainer',
  file: image,
  mend: `Install Apptainer, and put the image file where the settings say: ${image}`,
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
      ...carriedVariables(command.env, suites).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      '--env',
      'TMPDIR=/work',
      image,
      command.file,
      ...command.args,
    ],
    env: command.env,
  }),
});
