/** Drives `#/create` of the built app, by the names a person reads, with the models of one folder beside it. */
import type { Locator } from 'playwright';
import type { JobTimings } from '../jobs/protocol';
import type { BackendChoice } from '../runtime/runtime';
import type { AppDriver } from './app-driver';
import { openBeside, type AppBeside } from './beside-app';
import { PlainError } from './plain-error';

export interface Asked {
  readonly prompt: string;
  readonly seed: number;
  readonly size: { readonly width: number; readonly height: number };
  readonly count: '1' | '2' | '4' | '8';
  /** Prompt and seed in the file. */
  readonly told?: boolean;
}

export interface CreatedFile {
  readonly fileName: string;
  readonly path: string;
  readonly seed: number;
  readonly steps: number;
  readonly backend: string;
  /** Of the whole run. */
  readonly ms: number;
  readonly bytesSent: number;
  readonly timings: JobTimings;
}

export class CreateDriver {
  readonly #app: AppDriver;
  readonly close: () => Promise<void>;

  private constructor({ app, close }: AppBeside) {
    this.#app = app;
    this.close = close;
  }

  /** `models` is laid out as `npm run model -- pack` does it. @throws PlainError */
  static open(backend: BackendChoice, models: string): Promise<CreateDriver> {
    return openBeside(backend, { room: 'create', models }, async (beside) => {
      const driver = new CreateDriver(beside);
      await driver.#get();
      return driver;
    });
  }

  /** @throws PlainError with the page's own words */
  async create({ prompt, seed, size, count, told = false }: Asked): Promise<readonly CreatedFile[]> {
    const { page } = this.#app;
    await page.getByRole('textbox', { name: 'Prompt' }).fill(prompt);
    await this.#choose(size);
    await page.getByRole('spinbutton', { name: 'Seed' }).fill(String(seed));
    await press(page.getByRole('radio', { name: count, exact: true }));
    const before = this.#app.bytesSent();
    const started = performance.now();
    const generate = page.getByRole('button', { name: 'Generate', exact: true });
    if (await generate.isDisabled()) throw new PlainError(await page.locator('#create-outlook').innerText());
    const pictures = page.getByRole('img', { name: /^Picture \d+$/ });
    const shown = await pictures.count();
    await generate.click();
    const alert = page.getByRole('alert');
    await pictures
      .nth(shown + Number(count) - 1)
      .or(alert)
      .first()
      .waitFor({ timeout: 0 });
    if ((await alert.count()) > 0) throw new PlainError(await this.#app.alertWords());
    const ms = Math.round(performance.now() - started);
    const bytesSent = this.#app.bytesSent() - before;
    await this.#tell(told);
    const made: CreatedFile[] = [];
    for (let place = Number(count) - 1; place >= 0; place--)
      made.push(await this.#save(place, { ms, bytesSent }));
    return made;
  }

  async #save(place: number, measured: { ms: number; bytesSent: number }): Promise<CreatedFile> {
    const { page } = this.#app;
    await page
      .getByRole('button', { name: /^Show picture/ })
      .nth(place)
      .click();
    const facts = await page
      .getByRole('img', { name: /^Picture \d+$/ })
      .nth(place)
      .evaluate((image: HTMLElement) => ({
        seed: Number(image.dataset.seed),
        steps: Number(image.dataset.steps),
        backend: image.dataset.backend ?? 'unknown',
        timings: JSON.parse(image.dataset.timings ?? '{}') as JobTimings,
      }));
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const saved = await download;
    return { ...facts, ...measured, fileName: saved.suggestedFilename(), path: await saved.path() };
  }

  /** The first model of the folder that draws what a prompt says. */
  async #get(): Promise<void> {
    const { page } = this.#app;
    const own = page
      .getByRole('article')
      .filter({ has: page.getByRole('button', { name: 'Get', exact: true }) });
    const seed = page.getByRole('spinbutton', { name: 'Seed' });
    // Cards of other hosts are there from the start; those of the folder have come when there are more.
    const offered = own.filter({ hasNotText: '/resolve/' });
    await offered
      .first()
      .waitFor({ timeout: 30_000 })
      .catch(() => undefined);
    if ((await offered.count()) === 0)
      throw new PlainError('That folder holds no model that draws what a prompt says.');
    await offered.first().getByRole('button', { name: 'Get', exact: true }).click();
    const alert = page.getByRole('alert');
    await seed.or(alert).first().waitFor({ timeout: 0 });
    if ((await alert.count()) > 0) throw new PlainError(await this.#app.alertWords());
  }

  async #tell(told: boolean): Promise<void> {
    const { page } = this.#app;
    const panel = page.getByText('Format: PNG');
    await panel.click();
    const tells = page.getByRole('switch', { name: 'Write prompt and seed into the file' });
    if ((await tells.isChecked()) !== told) await press(tells);
    await panel.click();
  }

  async #choose({ width, height }: Asked['size']): Promise<void> {
    const { page } = this.#app;
    // Pictures in sight say their sizes too.
    const said = page
      .getByRole('complementary', { name: 'Options' })
      .getByText(/^\d+ × \d+ pixels$|^This model draws \d+ × \d+ pixels/);
    const sizes: string[] = [];
    const isChosen = async () => {
      const size =
        /(\d+) × (\d+)/
          .exec(await said.innerText())
          ?.slice(1)
          .join('x') ?? '';
      sizes.push(size);
      return size === `${width}x${height}`;
    };
    for (const tier of ['Fast', 'Quality'] as const) {
      const radio = page.getByRole('radio', { name: tier, exact: true });
      if ((await radio.count()) > 0) await press(radio);
      if (await isChosen()) return;
      const shapes = page.getByRole('radiogroup', { name: 'Shape' }).getByRole('radio');
      for (let place = 0; place < (await shapes.count()); place++) {
        await press(shapes.nth(place));
        if (await isChosen()) return;
      }
    }
    throw new PlainError(
      `This model does not draw ${width}x${height}, but ${[...new Set(sizes)].join(', ')}.`,
    );
  }
}

/** Of a control that is drawn by its label, and may lie below what is in sight. */
function press(control: Locator): Promise<void> {
  return control.evaluate((element: HTMLElement) => element.click());
}
