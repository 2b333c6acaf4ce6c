import { defineConfig } from 'rolldown';

const external = ['electron', 'better-sqlite3', '@niivue/dcm2niix', 'vite'];

export default defineConfig([
  {
    input: {
      cli: 'src-main/hosts/cli/cli.ts',
      worker: 'src-main/workers/worker.ts',
      displayWorker: 'src-main/workers/displayWorker.ts',
      dcm2niixWorker: 'src-main/dicom/dcm2niixWorker.ts',
      electron: 'src-main/hosts/electron/main.ts',
    },
    platform: 'node',
    external,
    output: {
      dir: 'out/main',
      format: 'esm',
      cleanDir: true,
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
      sourcemap: true,
    },
  },
]);
