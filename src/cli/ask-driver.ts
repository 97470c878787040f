/** Drives `#/ask` of the built app, by the names a person reads, with the models of one folder beside it. */
import type { JobTimings } from '../jobs/protocol';
import type { BackendChoice } from '../runtime/runtime';
import type { AppDriver } from './app-driver';
import { openBeside, type AppBeside } from './beside-app';
import { PlainError } from './plain-error';

export const askTasks = ['ask', 'read-text', 'extract-fields', 'screen-steps'] as const;
export type AskTaskName = (typeof askTasks)[number];

export interface AskSettings {
  readonly task: AskTaskName;
  /** A JSON Schema; without it fields are those of an invoice. */
  readonly schema: string | null;
  readonly greedy: boolean;
  readonly mostTokens: number;
  readonly detail: 'quick' | 'usual' | 'fine';
}

export interface Answered {
  readonly text: string;
  readonly tokens: readonly number[];
  /** The model said so, enough tokens, the chat is full, or it went in circles. */
  readonly ended: string;
  readonly backend: string;
  /** From the click to the end of the answer. */
  readonly ms: number;
  readonly firstTokenMs: number | null;
  readonly msPerToken: number | null;
  readonly reusedTokens: number;
  readonly bytesSent: number;
  readonly timings: JobTimings;
}

/** Each tab, the box that is written into, and what begins it, by their names. */
const tabs = {
  ask: { tab: 'Ask', box: 'Question', verb: 'Ask' },
  'read-text': { tab: 'Read text', box: null, verb: 'Read' },
  'extract-fields': { tab: 'Extract fields', box: 'Wish', verb: 'Extract' },
  'screen-steps': { tab: 'Screen steps', box: 'Task', verb: 'List steps' },
} as const;
const detailNames = { quick: 'Quick', usual: 'Usual', fine: 'Fine' } as const;

export class AskDriver {
  readonly #app: AppDriver;
  readonly close: () => Promise<void>;
  #answers = 0;
  #task: AskTaskName = 'ask';

  private constructor({ app, close }: AppBeside) {
    this.#app = app;
    this.close = close;
  }

  /** `models` is laid out as `npm run model -- build` or `pack` does it. @throws PlainError */
  static open(backend: BackendChoice, models: string): Promise<AskDriver> {
    return openBeside(backend, { room: 'ask', models }, async (beside) => {
      const driver = new AskDriver(beside);
      await driver.#get();
      return driver;
    });
  }

  async choose({ task, schema, greedy, mostTokens, detail }: AskSettings): Promise<void> {
    const { page } = this.#app;
    this.#task = task;
    await page.getByRole('tab', { name: tabs[task].tab }).click();
    if (schema !== null) {
      await page.getByRole('combobox', { name: 'Fields of' }).selectOption('Own schema');
      await page.getByRole('textbox', { name: 'JSON Schema' }).fill(schema);
    }
    // A task always takes the likeliest words.
    if (task === 'ask')
      await page.getByRole('radio', { name: greedy ? 'Steady' : 'Varied' }).check({ force: true });
    await page.getByRole('radio', { name: detailNames[detail] }).check({ force: true });
    await page.getByRole('spinbutton', { name: 'Longest answer' }).fill(String(mostTokens));
  }

  /** The next question of this chat. @throws PlainError with the page's own words */
  async ask(question: string, pictures: readonly string[]): Promise<Answered> {
    const { page } = this.#app;
    const before = this.#app.bytesSent();
    if (pictures.length > 0) await this.#choosePictures(pictures);
    const { box, verb } = tabs[this.#task];
    if (box !== null) await page.getByRole('textbox', { name: box }).fill(question);
    const ask = page.getByRole('button', { name: verb, exact: true });
    if (await ask.isDisabled()) throw new PlainError(await page.locator('#ask-outlook').innerText());
    const started = performance.now();
    await ask.click();
    const answer = page.getByRole('article', { name: `Answer ${this.#answers + 1}`, exact: true });
    const alert = page.getByRole('alert');
    await answer.and(page.locator('[data-ended]')).or(alert).first().waitFor({ timeout: 0 });
    if ((await answer.and(page.locator('[data-ended]')).count()) === 0)
      throw new PlainError(await this.#app.alertWords());
    this.#answers += 1;
    const ms = Math.round(performance.now() - started);
    const said = await answer.evaluate((article: HTMLElement) => ({
      text: article.dataset.said ?? '',
      tokens: JSON.parse(article.dataset.tokens ?? '[]') as number[],
      ended: article.dataset.ended ?? '',
      backend: article.dataset.backend ?? 'unknown',
      timings: JSON.parse(article.dataset.timings ?? '{}') as JobTimings,
      ...(JSON.parse(article.dataset.pace ?? '{}') as Pick<
        Answered,
        'firstTokenMs' | 'msPerToken' | 'reusedTokens'
      >),
    }));
    return { ...said, ms, bytesSent: this.#app.bytesSent() - before };
  }

  /** The page passes over what is no picture, and says so; here nothing is asked then. @throws PlainError */
  async #choosePictures(pictures: readonly string[]): Promise<void> {
    const { page } = this.#app;
    await page.getByLabel('Choose image').setInputFiles([...pictures]);
    const last = page.getByRole('button', { name: /^Remove picture/ }).nth(pictures.length - 1);
    await last.waitFor({ timeout: 10_000 }).catch(() => {
      throw new PlainError(`Not every one of these is a picture: ${pictures.join(', ')}.`);
    });
  }

  /** With an empty box: a task leaves its pictures there. */
  async newChat(): Promise<void> {
    const { page } = this.#app;
    await page.getByRole('button', { name: 'New chat' }).first().click();
    const remove = page.getByRole('button', { name: /^Remove picture/ });
    while ((await remove.count()) > 0) await remove.first().click();
    this.#answers = 0;
  }

  /** The first model of the folder that answers questions. */
  async #get(): Promise<void> {
    const { page } = this.#app;
    const get = page.getByRole('article').getByRole('button', { name: 'Get', exact: true });
    await get
      .first()
      .waitFor({ timeout: 30_000 })
      .catch(() => {
        throw new PlainError('That folder holds no model that answers questions about pictures.');
      });
    await get.first().click();
    const alert = page.getByRole('alert');
    await page.getByRole('spinbutton', { name: 'Longest answer' }).or(alert).first().waitFor({ timeout: 0 });
    if ((await alert.count()) > 0) throw new PlainError(await this.#app.alertWords());
  }
}
