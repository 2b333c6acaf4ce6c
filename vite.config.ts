import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
export default defineConfig({
  root: 'src-renderer',
  base: './',
  plugins: [svelte({ configFile: '../svelte.config.js' })],
  build: { outDir: '../out/renderer', emptyOutDir: true, target: 'chrome152' },
  worker: { format: 'es' },
  server: { host: '127.0.0.1', proxy: { '/rpc': 'http://127.0.0.1:4600' } },
});
