/** The tests that need a real browser. They drive the built app, so `npm run build` comes first. */
import { defineConfig, devices } from '@playwright/test';
import { ensureChromium, launchArgs, softwareGpuArg } from '../src/cli/browser';
import { isLong } from './long';

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  // The long samples measure memory and time, so nothing runs beside them.
  workers: isLong ? 1 : 2,
  timeout: 120_000,
  // A machine that others use too stalls now and then; what passes at the second try only is counted apart.
  retries: process.env.CI === undefined ? 0 : 1,
  reporter: 'list',
  projects: [
    {
      name: 'chromium',
      use: {
        ...devices['Desktop Chrome'],
        launchOptions: {
          executablePath: ensureChromium(),
          // A name that is this machine but not a secure context, for "plain http".
          args: [...launchArgs, softwareGpuArg, '--host-resolver-rules=MAP obscura.test 127.0.0.1'],
        },
      },
    },
  ],
});
