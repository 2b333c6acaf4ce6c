import { describe, expect, it } from 'vitest';
import { apptainer, docker } from '../../../src-main/tools/launchers/containers.ts';
import { toWslPath, wsl } from '../../../src-main/tools/launchers/wsl.ts';

const command = {
  file: 'bet',
  args: ['in.nii.gz', 'a b'],
  env: { LC_ALL: 'C', PATH: '/here', GONE: null, FSLDIR: null },
};
const folders = { folder: '/data/run 1', readOnly: ['/atlas'] };

describe('launchers', () => {
  it.each([
    ['C:\\Users\\A B\\x.nii', '/mnt/c/Users/A B/x.nii'],
    ['d:/data', '/mnt/d/data'],
    ['\\\\wsl$\\Ubuntu\\home\\me', '/home/me'],
    ['\\\\wsl.localhost\\Ubuntu-22.04\\opt', '/opt'],
    ['in.nii.gz', 'in.nii.gz'],
  ])('translate %s for Linux beside Windows', (from, to) => expect(toWslPath(from)).toBe(to));

  it('start a program through wsl.exe with its settings and without a shell', () => {
    const { file, args } = wsl({ distribution: 'Ubuntu' }).wrap(command, { folder: 'C:\\run', readOnly: [] });
    expect([file, ...args]).toEqual([
      'wsl.exe', '--distribution', 'Ubuntu', '--cd', '/mnt/c/run', '--exec', 'env',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL=C', 'TMPDIR=/mnt/c/run',
      'bet', 'in.nii.gz', 'a b',
    ]); // prettier-ignore
  });

  it('give Docker no network, the own user, and atlases read-only', () => {
    const { file, args } = docker({ image: 'fsl:6', user: '1000:1000' }).wrap(command, folders);
    expect([file, ...args]).toEqual([
      'docker', 'run', '--rm', '--init', '--pull', 'never', '--network', 'none', '--user', '1000:1000',
      '--mount', 'type=bind,source=/data/run 1,target=/work', '--mount', 'type=bind,source=/atlas,target=/atlas,readonly',
      '--workdir', '/work', '--env', 'LC_ALL=C', '--env', 'HOME=/work', '--env', 'TMPDIR=/work', 'fsl:6', 'bet', 'in.nii.gz', 'a b',
    ]); // prettier-ignore
  });

  it('give Apptainer a clean environment and no network', () => {
    const { args } = apptainer({ image: 'fsl.sif' }).wrap(command, folders);
    expect(args.slice(0, 6)).toEqual(['exec', '--containall', '--cleanenv', '--net', '--network', 'none']);
    expect(args).toContain('/data/run 1:/work:rw');
    expect(args).toContain('/atlas:/atlas:ro');
    expect(args.slice(-4)).toEqual(['fsl.sif', 'bet', 'in.nii.gz', 'a b']);
  });

  it('leave the suites of this machine behind, which are nothing inside a container', () => {
    const env = { FSLDIR: '/usr/share/fsl', FREESURFER_HOME: '/fs', FS_LICENSE: '/l.txt' };
    for (const launcher of [docker({ image: 'fsl:6' }), apptainer({ image: '/fsl.sif' })]) {
      const { args } = launcher.wrap({ ...command, env }, folders);
      expect(args.filter((arg) => /FSLDIR|FREESURFER/.test(arg))).toEqual([]);
      expect(args).toContain('FS_LICENSE=/l.txt');
    }
  });
});
