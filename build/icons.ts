/** Draws the PNG icons from public/icons/icon.svg: `npx tsx build/icons.ts`, after the SVG was changed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright';
import { ensureChromium, launchArgs } from '../src/cli/browser';

interface Icon {
  readonly file: string;
  readonly size: number;
  /** Systems that cut their own shape need the ground up to the edge and the mark in the middle 80 %. */
  readonly fullBleed: boolean;
}

const icons: readonly Icon[] = [
  { file: 'icon-192.png', size: 192, fullBleed: false },
  { file: 'icon-512.png', size: 512, fullBleed: false },
  { file: 'icon-maskable-512.png', size: 512, fullBleed: true },
  { file: 'apple-touch-180.png', size: 180, fullBleed: true },
];

const folder = fileURLToPath(new URL('../public/icons/', import.meta.url));

async function draw(page: Page, svg: string, { size, fullBleed }: Icon): Promise<Buffer> {
  const shape = fullBleed ? svg.replace(' rx="112"', '') : svg;
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${shape}`,
  );
  return page.screenshot({ omitBackground: true });
}

const browser = await chromium.launch({
  executablePath: ensureChromium(),
  args: [...launchArgs],
});
const page = await browser.newPage();
const svg = readFileSync(`${folder}icon.svg`, 'utf8');
for (const icon of icons) writeFileSync(folder + icon.file, await draw(page, svg, icon));
await browser.close();
