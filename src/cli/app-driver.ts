/**
 * Drives the built app in headless Chromium, by the names a person reads. The app is served from this
 * machine to itself; nothing else is reachable.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright';
import type { JobTimings } from '../jobs/protocol';
import type { ModelCard } from '../models/model';
import type { BackendChoice } from '../runtime/runtime';
import { ensureChromium, launchArgs, machineHasGpu, softwareGpuArg } from './browser';
import { PlainError } from './plain-error';
import { serve, type RunningServer } from './serve';

const root = resolve(import.meta.dirname, '../..');
const dist = join(root, 'dist');

/** Results held in the page before it is cleared. */
const mostShown = 8;

export interface CartoonSettings {
  readonly style: string;
  readonly model?: string;
  readonly faces?: string;
  readonly keepSkin: boolean;
  /** This and the next stay as they are where not given. */
  readonly lineSize?: 'bold' | 'medium' | 'fine';
  readonly sharp?: boolean;
  readonly format: 'png' | 'jpeg' | 'webp';
}

export interface CartoonFile {
  readonly fileName: string;
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly faces: number;
  readonly backend: string;
  readonly timings: JobTimings;
  /**
   * Bytes of every request of the tab and its workers that reached a server, ours included, while the photo was
   * in it. The browser's own look for a newer service worker (a GET without body or parameters) is not the tab's.
   */
  readonly bytesSent: number;
}

export class AppDriver {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #server: RunningServer;
  /** Requests to other hosts, which the wall should have refused before they left. */
  #foreignBytes = 0;
  /** Results in the strip. */
  #shown = 0;

  private constructor(server: RunningServer, context: BrowserContext, page: Page) {
    this.#server = server;
    this.#context = context;
    this.page = page;
    context.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (!protocol.startsWith('http') || origin === new URL(server.url).origin) return;
      this.#foreignBytes += request.url().length + (request.postDataBuffer()?.length ?? 0);
    });
  }

  /** Builds the app where needed, serves it, opens it, and waits until it is usable. */
  static async open(
    backend: BackendChoice,
    options: {
      readonly viewport?: { width: number; height: number };
      readonly room?: 'cartoon' | 'create' | 'ask';
      /** Another folder than the built app's, made from it. */
      readonly dirOf?: (dist: string) => string;
    } = {},
  ) {
    buildIfStale();
    const dir = options.dirOf?.(dist) ?? dist;
    const server = await serve({ dir, host: '127.0.0.1', port: 0, record: true });
    const browser = await chromium.launch({
      executablePath: ensureChromium(),
      args: [...launchArgs, ...(machineHasGpu() ? [] : [softwareGpuArg])],
    });
    const context = await browser.newContext({
      locale: 'en',
      acceptDownloads: true,
      viewport: options.viewport ?? { width: 1280, height: 900 },
    });
    const driver = new AppDriver(server, context, await context.newPage());
    try {
      await driver.page.goto(`${server.url}?backend=${backend}&lang=en#/${options.room ?? 'cartoon'}`);
      await driver.#ready();
    } catch (thrown) {
      await driver.close();
      throw thrown;
    }
    return driver;
  }

  async close(): Promise<void> {
    await this.#context.browser()?.close();
    await this.#server.close();
  }

  backend(): Promise<string> {
    return this.page.evaluate(() => document.documentElement.dataset.backend ?? 'unknown');
  }

  /** Imports a model file through the shelf and returns the title it has there. */
  async importModel(path: string): Promise<string> {
    await this.#route('#/models');
    const { page } = this;
    await page.getByRole('article').first().waitFor();
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Import model' }).click();
    await (await chooser).setFiles(path);
    const alert = page.getByRole('alert');
    const ready = page.getByRole('status').filter({ hasText: / is ready\.$/ });
    await ready.or(alert).first().waitFor();
    if ((await alert.count()) > 0) throw new PlainError(await this.alertWords());
    const title = (await ready.innerText()).replace(/ is ready\.$/, '');
    await this.#route('#/cartoon');
    return title;
  }

  /** `model` and `faces` are titles, ids of the page's boxes, or ids of cards. */
  async choose(settings: CartoonSettings): Promise<void> {
    const { page } = this;
    if (settings.model !== undefined) await this.#select('Model', settings.model);
    if (settings.faces !== undefined) await this.#select('Face finder', settings.faces);
    const group = page.getByRole('radiogroup', { name: 'Style' });
    const names = (await group.locator('label').allInnerTexts()).map((name) => name.trim());
    const [only, ...others] = names;
    // A model of unknown making has one style, which bears its own name.
    const isUnnamed = others.length === 0 && only === settings.model;
    const style = names.find((name) => name === settings.style) ?? (isUnnamed ? only : undefined);
    if (style === undefined) {
      throw new PlainError(`This model has no style "${settings.style}". It has: ${names.join(', ')}.`);
    }
    await group.getByRole('radio', { name: style, exact: true }).check({ force: true });
    await page.getByLabel('Keep skin tone').setChecked(settings.keepSkin, { force: true });
    if (settings.lineSize !== undefined) {
      const lines = page.getByRole('radiogroup', { name: 'Line size' });
      await lines.getByRole('radio', { name: settings.lineSize }).check({ force: true });
    }
    if (settings.sharp !== undefined) {
      await page.getByLabel('Sharp at full size').setChecked(settings.sharp, { force: true });
    }
  }

  /** One photo through the page, saved by its Save button. @throws PlainError with the page's own words */
  async cartoonize(photo: string, format: CartoonSettings['format']): Promise<CartoonFile> {
    // Clearing everything also ends the engine, so not after each photo.
    if (this.#shown >= mostShown) await this.#clear();
    const sentBefore = this.bytesSent();
    await this.page.getByLabel('Choose photos').setInputFiles(photo);
    return this.#draw(format, sentBefore);
  }

  /** The photo shown last once more, with every face that was found in it left alone. */
  async cartoonizeWithoutFaces(format: CartoonSettings['format']): Promise<CartoonFile> {
    const { page } = this;
    const mode = page.getByRole('button', { name: 'Faces', exact: true });
    const dismiss = page.getByRole('button', { name: /^Dismiss face/ });
    const dismissed = page.getByRole('button', { name: /^Bring back face/ });
    await mode.click();
    await dismiss.or(dismissed).first().waitFor();
    while ((await dismiss.count()) > 0) await dismiss.first().press('Enter');
    await mode.click();
    return this.#draw(format, this.bytesSent());
  }

  async #draw(format: CartoonSettings['format'], sentBefore: number): Promise<CartoonFile> {
    const { page } = this;
    await page.getByRole('button', { name: 'Cartoonize' }).click();
    const picture = this.#cartoons().nth(this.#shown);
    const alert = page.getByRole('alert');
    await picture.or(alert).first().waitFor({ timeout: 0 });
    if ((await picture.count()) === 0) {
      const words = await this.alertWords();
      await this.#clear();
      throw new PlainError(words);
    }
    this.#shown += 1;
    const facts = await picture.evaluate(async (image: HTMLImageElement) => {
      // It has no size before that.
      await image.decode();
      return {
        width: image.naturalWidth,
        height: image.naturalHeight,
        faces: Number(image.dataset.faces),
        backend: image.dataset.backend ?? 'unknown',
        timings: JSON.parse(image.dataset.timings ?? '{}') as JobTimings,
      };
    });
    await page.getByLabel('Format').selectOption(format);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const saved = await download;
    const file = {
      fileName: saved.suggestedFilename(),
      path: await saved.path(),
      bytesSent: this.bytesSent() - sentBefore,
    };
    return { ...facts, ...file };
  }

  /** Of every request so far that reached a server. */
  bytesSent(): number {
    const ours = this.#server.requests().filter(({ updateCheck }) => !updateCheck);
    return ours.reduce((sum, { bytes }) => sum + bytes, this.#foreignBytes);
  }

  async #ready(): Promise<void> {
    const state = await this.page.waitForFunction(
      () => {
        if (document.documentElement.dataset.ready === 'true') return 'ready';
        return document.querySelector('[role=alert] p')?.textContent.trim();
      },
      undefined,
      { timeout: 120_000 },
    );
    const words = await state.jsonValue();
    if (words !== 'ready') throw new PlainError(words ?? 'The app did not start.');
  }

  async #route(hash: string): Promise<void> {
    await this.page.evaluate((to) => (location.hash = to), hash);
    await this.page.locator('main').waitFor();
  }

  #cartoons() {
    return this.page.getByRole('img', { name: /^Cartoon \d+$/ });
  }

  /** What the page says went wrong. */
  async alertWords(): Promise<string> {
    const sentences = await this.page.getByRole('alert').first().locator('p').allInnerTexts();
    return sentences.join(' ').trim();
  }

  async #select(label: string, asked: string): Promise<void> {
    const box = this.page.getByRole('combobox', { name: label, exact: true });
    const card = await cardById(asked);
    const names = [asked, ...(card ? [card.title, card.family.id, card.family.title] : [])];
    // With one face finder there is nothing to choose, and so no box.
    if ((await box.count()) === 0 && card?.builtIn === true) return;
    const options = await box
      .locator('option')
      .evaluateAll((all) =>
        all.map((option) => [(option as HTMLOptionElement).value, option.textContent.trim()]),
      );
    const wanted =
      options.find((option) => option.some((name) => names.includes(name))) ??
      options.find(([, text]) => text !== undefined && asked.startsWith(`${text} `));
    if (wanted?.[0] === undefined) {
      throw new PlainError(`There is no ${label.toLowerCase()} "${asked}" here. Give its ONNX file instead.`);
    }
    await box.selectOption(wanted[0]);
  }

  async #clear(): Promise<void> {
    await this.page.getByRole('button', { name: 'Clear all' }).click();
    await this.page.getByRole('dialog').getByRole('button', { name: 'Clear', exact: true }).click();
    await this.page.getByRole('button', { name: 'Clear all' }).waitFor({ state: 'detached' });
    this.#shown = 0;
  }
}

async function cardById(id: string): Promise<ModelCard | null> {
  const path = join(root, 'src/models', id, 'card.ts');
  if (!/^[\w-]+$/.test(id) || !existsSync(path)) return null;
  return ((await import(path)) as { card: ModelCard }).card;
}

/** `npm ci && npm run cartoon` must work in a fresh clone, and after an edit nobody wants the old app. */
function buildIfStale(): void {
  const built = join(dist, 'service-worker.js');
  const sources = [
    ...['src', 'workers', 'public', 'build'].map((folder) => newest(join(root, folder))),
    ...['vite.config.ts', 'package-lock.json'].map((file) => statSync(join(root, file)).mtimeMs),
  ];
  if (existsSync(built) && statSync(built).mtimeMs > Math.max(...sources)) return;
  const { status, stderr } = spawnSync('npx', ['vite', 'build', '--logLevel', 'error'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new PlainError(`The app could not be built. ${stderr}`);
}

function newest(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Math.max(0, ...files.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
}
