/** A visitor's way through every room with marked photos and a marked prompt: every job that there is. */
import { expect } from '@playwright/test';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { writeAskingMiniature } from '../../build/asking-miniature';
import { writeDrawingMiniature } from '../../build/drawing-miniature';
import {
  found,
  markedPdf,
  markedPhoto,
  markedPrompt,
  markedQuestion,
  spelledPicture,
  type ChosenFile,
} from './canaries';

/** What the visit left in the visitor's hands. */
export interface Visit {
  /** Records, report and audit log, as they were saved. */
  readonly papers: Buffer[];
  readonly pictures: Buffer[];
}

const go = (page: Page, hash: string) => page.evaluate((to) => (location.hash = to), hash);
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Models that draw what a prompt says and answer what is asked, in a host's own folder. */
export async function packMiniatures(folder: string): Promise<string> {
  const packed = join(folder, 'packed');
  const manifest = join(packed, 'manifest.json');
  const read = async () => JSON.parse(await readFile(manifest, 'utf8')) as { models: object[] };
  await writeAskingMiniature(packed);
  const asking = await read();
  await writeDrawingMiniature(packed);
  const drawing = await read();
  await writeFile(manifest, JSON.stringify({ ...drawing, models: [...drawing.models, ...asking.models] }));
  return packed;
}

/** Before any of the visitor's own is in the tab: the models from the host's folder, and the audit log on. */
export async function prepare(page: Page): Promise<void> {
  await go(page, '#/privacy');
  const audit = page.getByRole('switch', { name: 'Keep an audit log' });
  await audit.click();
  await expect(audit).toBeChecked();
  await go(page, '#/create');
  const here = page.getByRole('article').filter({ hasNotText: '/resolve/' });
  await here.getByRole('button', { name: 'Get', exact: true }).click();
  await expect(page.getByRole('spinbutton', { name: 'Seed' })).toBeVisible({ timeout: 30_000 });
  await go(page, '#/ask');
  await here.getByRole('button', { name: 'Get', exact: true }).click();
  await expect(page.getByRole('spinbutton', { name: 'Longest answer' })).toBeVisible({ timeout: 30_000 });
  // What this room and the engine need of the app is fetched by now.
  await go(page, '#/kept');
  await expect(page.getByRole('heading', { name: 'Kept', exact: true })).toBeVisible();
}

export async function drawCartoons(page: Page, visit: Visit): Promise<void> {
  await go(page, '#/cartoon');
  await page.getByLabel('Choose photos').setInputFiles([markedPhoto(), spelledPicture()]);
  await button(page, 'Cartoonize').click();
  const second = page.locator('.strip img:not([alt=""])').nth(1);
  await expect(second).toBeVisible({ timeout: 90_000 });
  for (const format of ['png', 'jpeg']) {
    await page.getByLabel('Format').selectOption(format);
    visit.pictures.push(await saved(page, 'Save'));
  }
  await button(page, 'Keep').click();
  await page.getByLabel('Passphrase', { exact: true }).fill('the red lamp is on');
  await page.getByLabel('The same passphrase again').fill('the red lamp is on');
  await button(page, 'Set passphrase and keep').click();
  await expect(button(page, 'Kept')).toBeDisabled({ timeout: 20_000 });
  await saveRecord(page, visit);
}

export async function createPictures(page: Page, visit: Visit): Promise<void> {
  await go(page, '#/create');
  await page.getByRole('textbox', { name: 'Prompt' }).fill(markedPrompt);
  await button(page, 'Generate').click();
  await expect(page.getByRole('img', { name: 'Picture 1', exact: true })).toBeVisible({ timeout: 90_000 });
  visit.pictures.push(await saved(page, 'Save'));
  await page.getByText('Format: PNG').click();
  const told = page.getByRole('switch', { name: 'Write prompt and seed into the file' });
  await told.check({ force: true });
  const file = await saved(page, 'Save');
  expect(
    found(file.toString('latin1')),
    'the prompt was drawn, and is in the file that was to tell it',
  ).toEqual(found(markedPrompt));
  await saveRecord(page, visit);
}

export async function askAboutPictures(page: Page, visit: Visit): Promise<void> {
  await go(page, '#/ask');
  await page.getByRole('spinbutton', { name: 'Longest answer' }).fill('8');
  await page.getByLabel('Choose image').setInputFiles(markedPhoto());
  await drop(page, markedPdf());
  await expect(page.getByRole('img', { name: 'Picture 2', exact: true })).toBeVisible({ timeout: 30_000 });
  await page.getByRole('textbox', { name: 'Question' }).fill(markedQuestion);
  await button(page, 'Ask').click();
  const answer = page.getByRole('article', { name: 'Answer 1', exact: true });
  await expect(answer).toHaveAttribute('data-ended', /./, { timeout: 60_000 });
  await saveRecord(page, visit);
}

/** As a hand drops it from another window. */
async function drop(page: Page, { name, mimeType, buffer }: ChosenFile): Promise<void> {
  const data = await page.evaluateHandle(
    ([fileName, type, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], fileName, { type }));
      return transfer;
    },
    [name, mimeType, buffer.toString('base64')] as const,
  );
  await page.dispatchEvent('body', 'drop', { dataTransfer: data });
}

/** Every other room, and what can be taken from it; gives the words of the ledger. */
export async function lookAround(page: Page, visit: Visit): Promise<string> {
  await go(page, '#/models');
  await expect(page.getByRole('article').first()).toBeVisible();
  await go(page, '#/kept');
  await expect(page.getByRole('list', { name: 'Kept results' }).getByRole('article')).toHaveCount(1);
  await go(page, '#/privacy');
  const log = page.getByRole('table', { name: 'Audit log' });
  await expect(log.getByRole('row').nth(1)).toBeVisible();
  visit.papers.push(Buffer.from(await log.innerText()), await saved(page, 'Save as JSON'));
  const ledger = page.getByRole('table', { name: 'Network ledger' });
  await expect(ledger.getByRole('row').nth(1)).toBeVisible();
  // The newest alone are shown at first.
  await page.getByRole('button', { name: /^Show all \d+/ }).click();
  return ledger.innerText();
}

async function saved(page: Page, name: string): Promise<Buffer> {
  const download = page.waitForEvent('download');
  await button(page, name).click();
  return readFile(await (await download).path());
}

async function saveRecord(page: Page, visit: Visit): Promise<void> {
  await button(page, 'How this was made').click();
  visit.papers.push(await saved(page, 'Save as JSON'));
  await page.keyboard.press('Escape');
}
