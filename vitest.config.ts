import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The state of the page is tested as it is: its runes are compiled for Node, without a page.
  plugins: [svelte()],
  test: {
    include: ['src/**/*.test.ts', 'build/**/*.test.ts'],
    environment: 'node',
    testTimeout: 20_000,
    retry: process.env.CI === undefined ? 0 : 1,
  },
});
