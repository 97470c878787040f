/** The build: page into assets/, rooms opened later into rooms/, workers into engine/, then the wall around both (build/wall.ts). */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defaultClientConditions, defineConfig, type PluginOption, type UserConfig } from 'vite';
import { ortFiles, ortFilesModule } from './build/ort-files.ts';
import { pdfParts } from './build/pdf-parts.ts';
import { developmentWall, wall } from './build/wall.ts';

/** Of a room is what is fetched for it, or holds something of its folder; the rest, as Svelte itself, is of the shell. */
const chunkFileNames = ({ moduleIds, isDynamicEntry }: { moduleIds: string[]; isDynamicEntry: boolean }) => {
  const isShell = moduleIds.some((id) => id.includes('/node_modules/'));
  const isRoom = isDynamicEntry || moduleIds.some((id) => roomFolder.test(id));
  return `${isRoom && !isShell ? 'rooms' : 'assets'}/[name]-[hash].js`;
};

/** A room's sheet is fetched with its code, before it is shown. */
const assetFileNames = ({ names }: { names: string[] }) =>
  `${names[0] === 'index.css' ? 'assets' : 'rooms'}/[name]-[hash][extname]`;

const roomFolder =
  /\/src\/(?:(?:ui\/(?:ask|create|kept|library|privacy|traces)|privacy|pipelines\/vision-language)\/|ui\/(?:parts\/(?:RoomPage|TextField)\.svelte|words\/format-time\.ts))/;

/** `cards`: see `wall`. The tests build an app with a model on a host of theirs. */
export const obscura = (cards: PluginOption = []): UserConfig => ({
  root: 'src',
  base: './',
  publicDir: '../public',
  plugins: [
    svelte({ configFile: '../svelte.config.js' }),
    ortFiles(),
    pdfParts(),
    cards,
    wall(cards),
    developmentWall(),
  ],
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
    rolldownOptions: { output: { chunkFileNames, assetFileNames } },
  },
  // Wasm threads need an isolated page in development too; the whole policy stands only in builds.
  server: {
    fs: { allow: ['..'] },
    headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
  },
});

export default defineConfig(obscura());
