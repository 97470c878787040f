/**
 * A page without Playwright: with DevTools' Network domain on, as Playwright always has it, a renderer keeps the bodies
 * of what it fetches and tells of every piece, which is most of the memory and of the time that a download takes.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { ensureChromium, launchArgs } from '../../src/cli/browser';

interface Answer {
  readonly id?: number;
  readonly result?: Readonly<Record<string, unknown>>;
}

export interface BarePage {
  /** Settles when the expression is true. @throws Error after `ms` */
  until(expression: string, ms: number): Promise<void>;
  run(expression: string): Promise<unknown>;
  close(): Promise<void>;
}

/** A browser of its own on an empty profile on disk. */
export async function openBarePage(url: string): Promise<BarePage> {
  const profile = mkdtempSync(join(tmpdir(), 'obscura-profile-'));
  const args = ['--headless=new', '--remote-debugging-pipe', `--user-data-dir=${profile}`, '--lang=en'];
  const browser = spawn(ensureChromium(), [...launchArgs, ...args, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => browser.once('exit', resolve));
  const [, , , commands, answers] = browser.stdio as [null, null, null, Writable, Readable];
  const waiting = new Map<number, (answer: Answer) => void>();
  let text = '';
  answers.on('data', (piece: Buffer) => {
    const whole = (text + piece.toString()).split('\0');
    text = whole.pop() ?? '';
    for (const answer of whole.map((one) => JSON.parse(one) as Answer)) waiting.get(answer.id ?? 0)?.(answer);
  });
  let id = 0;
  const ask = async (method: string, params: object, sessionId?: string) => {
    const own = ++id;
    const answer = new Promise<Answer>((resolve) => waiting.set(own, resolve));
    commands.write(`${JSON.stringify({ id: own, method, params, sessionId })}\0`);
    const { result } = await answer;
    waiting.delete(own);
    if (!result) throw new Error(method);
    return result;
  };
  const { targetId } = await ask('Target.createTarget', { url });
  const session = await ask('Target.attachToTarget', { targetId, flatten: true });
  const run = async (expression: string) => {
    const how = { expression, awaitPromise: true, returnByValue: true };
    const { result } = await ask('Runtime.evaluate', how, session.sessionId as string);
    return (result as { value?: unknown }).value;
  };
  return {
    run,
    async until(expression, ms) {
      const end = performance.now() + ms;
      // A page that reloads, as at its first visit, cannot be asked for a moment.
      while ((await run(expression).catch(() => false)) !== true) {
        if (performance.now() > end) throw new Error(`never: ${expression}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async close() {
      // It ends after its own processes; killed, it would leave them writing.
      await ask('Browser.close', {}).catch(() => browser.kill());
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The shelf of a served app, with one model to be got. */
export async function openBareShelf(app: string, title: string) {
  const page = await openBarePage(`${app}?backend=wasm&lang=en#/models`);
  const article = `[...document.querySelectorAll('article')].find((one) => one.querySelector('h3').textContent === ${JSON.stringify(title)})`;
  const button = (name: string) =>
    `[...(${article}?.querySelectorAll('button') ?? [])].find((one) => one.textContent.trim() === '${name}')`;
  await page.until(`document.documentElement.dataset.ready === 'true' && !!${button('Get')}`, 60_000);
  return {
    close: () => page.close(),
    press: (name: string) => page.run(`${button(name)}.click()`),
    isReady: (ms: number) => page.until(`${article}.querySelector('.ready') !== null`, ms),
    tells: (pattern: RegExp, ms: number) =>
      page.until(
        `${pattern.toString()}.test(${article}.querySelector('[role=status]')?.textContent ?? '')`,
        ms,
      ),
  };
}
