import { svelte } from '@sveltejs/vite-plugin-svelte';
import { playwright } from '@vitest/browser-playwright';
import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
const chromiumArgs = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];
const nodeTests = {
  test: {
    name: 'node',
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/renderer/**'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
};
const browserTests = {
  plugins: [svelte()],
  // Found late they would make the browser load everything a second time.
  optimizeDeps: { include: ['d3-array', 'd3-scale', 'd3-shape'] },
  test: {
    name: 'browser',
    include: ['tests/renderer/**/*.test.ts'],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { executablePath: chromium, args: chromiumArgs } }),
      instances: [{ browser: 'chromium' as const }],
    },
  },
};

export default defineConfig({
  test: { passWithNoTests: true, projects: existsSync(chromium) ? [nodeTests, browserTests] : [nodeTests] },
});
