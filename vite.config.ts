/** The build: page into assets/, rooms opened later into rooms/, workers into engine/, then the wall around both (build/wall.ts). */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defaultClientConditions, defineConfig, type PluginOption, type UserConfig } from 'vite';
import { ortFiles, ortFilesModule } from './build/ort-files.ts';
import { developmentWall, wall } from './build/wall.ts';

/** What rooms share with each other is theirs; what they share with the page, as Svelte itself, is of the shell. */
const chunkFileNames = ({ moduleIds }: { moduleIds: string[] }) =>
  `${isOfPage(moduleIds) ? 'assets' : 'rooms'}/[name]-[hash].js`;

/** So are the facts of cards and the writing of figures alone, which the page does too. */
function isOfPage(moduleIds: readonly string[]): boolean {
  return (
    moduleIds.some((id) => id.includes('/node_modules/')) ||
    moduleIds.every((id) => /\/src\/(?:models\/|ui\/words\/format)/.test(id))
  );
}

/** `cards`: see `wall`. The tests build an app with a model on a host of theirs. */
export const obscura = (cards: PluginOption = []): UserConfig => ({
  root: 'src',
  base: './',
  publicDir: '../public',
  plugins: [svelte({ configFile: '../svelte.config.js' }), ortFiles(), cards, wall(cards), developmentWall()],
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
  worker: {
    format: 'es',
    plugins: () => [ortFilesModule(), cards],
    rolldownOptions: {
      output: {
        entryFileNames: 'engine/[name]-[hash].js',
        chunkFileNames: 'engine/[name]-[hash].js',
        assetFileNames: 'engine/[name]-[hash][extname]',
      },
    },
  },
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'esnext',
    modulePreload: false,
    assetsInlineLimit: 0,
    // One sheet for every room: a room opened later brings no style that could come late.
    cssCodeSplit: false,
    rolldownOptions: { output: { chunkFileNames } },
  },
  // Wasm threads need an isolated page in development too; the whole policy stands only in builds.
  server: {
    fs: { allow: ['..'] },
    headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
  },
});

export default defineConfig(obscura());
