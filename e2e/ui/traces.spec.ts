/** What a photo's file carried is named and goes nowhere; how a result was made is measured, and a lie is found out. */
import { expect, test, type Page, type Worker } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RunningServer } from '../../src/cli/serve';
import type { MeasurementRecord } from '../../src/privacy/record';
import { readMetadata } from '../../src/privacy/metadata';
import { meanColour, pixelsOf } from '../pixels';
import { expectNoViolation } from './axe';
import { cartoon, draw, enter, serveBuilt, small } from './room';
import { photoItself } from './tiny-model';

const folder = resolve(import.meta.dirname, '../fixtures/metadata');
const fixture = (name: string) => resolve(folder, name);
const vectors = JSON.parse(readFileSync(fixture('vectors.json'), 'utf8')) as {
  colours: Record<string, { srgb: [number, number, number][] }>;
};
const shots = process.env.SHOTS;

let server: RunningServer;
test.beforeAll(async () => {
  server = await serveBuilt();
});
test.afterAll(() => server.close());

async function save(page: Page, format: 'png' | 'jpeg' | 'webp'): Promise<string> {
  await page.getByLabel('Format').selectOption(format);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  return (await download).path();
}

async function recordOf(page: Page): Promise<MeasurementRecord> {
  await page.getByRole('button', { name: 'How this was made' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as JSON' }).click();
  const record = JSON.parse(readFileSync(await (await download).path(), 'utf8')) as MeasurementRecord;
  await page.keyboard.press('Escape');
  return record;
}

/** The parts a file is made of, by a walk that shares nothing with the app's. */
function partsOf(file: Buffer): string[] {
  const parts: string[] = [];
  if (file[0] === 0xff) {
    for (let at = 2; file[at + 1] !== 0xda; at += 2 + file.readUInt16BE(at + 2)) {
      const name = /^[\w:/.]*/.exec(file.toString('latin1', at + 4, at + 30))?.[0] ?? '';
      if ((file[at + 1]! & 0xf0) === 0xe0 || file[at + 1] === 0xfe) parts.push(name);
    }
    parts.push(file.subarray(-2).toString('hex'));
  } else if (file[0] === 0x89) {
    for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
      const type = file.toString('latin1', at + 4, at + 8);
      if (parts.at(-1) !== type) parts.push(type);
    }
  } else {
    expect(file.readUInt32LE(4)).toBe(file.length - 8);
    for (let at = 12; at < file.length; at += 8 + file.readUInt32LE(at + 4) + (file[at + 4]! & 1))
      parts.push(file.toString('latin1', at, at + 4));
  }
  return parts;
}

const bare = {
  jpeg: ['JFIF', 'ICC_PROFILE', 'ffd9'],
  png: ['IHDR', 'sRGB', 'IDAT', 'IEND'],
  webp: ['VP8X', 'ICCP', 'VP8 '],
} as const;
const marked = {
  jpeg: ['JFIF', 'http://ns.adobe.com/xap/1.', 'ICC_PROFILE', 'ffd9'],
  png: ['IHDR', 'iTXt', 'sRGB', 'IDAT', 'IEND'],
  webp: ['VP8X', 'ICCP', 'VP8 ', 'XMP '],
} as const;

test('a photo full of metadata: all of it is named, none of it is saved, an AI mark only by choice', async ({
  page,
}) => {
  await enter(page, server);
  await draw(page, fixture('full.jpg'));
  await expect(
    page.getByText(
      /Marked as made with AI. This photo carried its place, its time, a camera’s name and more. None/,
    ),
  ).toBeVisible();
  await expect(cartoon(page, 1)).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'What it carried' }).click();
  const list = page.getByRole('dialog');
  for (const words of [
    '47.37179, -8.54170',
    'SN-0123456789',
    'Zürich',
    'CANARY-CAMERA',
    'A film',
    'Content Credentials',
  ])
    await expect(list.getByText(words).first()).toBeVisible();
  await expectNoViolation(page, 'what it carried');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'What it carried' })).toBeFocused();
  for (const format of ['jpeg', 'png', 'webp'] as const) {
    const file = readFileSync(await save(page, format));
    expect(partsOf(file)).toEqual(bare[format]);
    expect(file.includes('CANARY') || file.includes('GPS') || file.includes('Exif')).toBe(false);
    const { entries, marks, unread } = await readMetadata(new Uint8Array(file));
    expect(entries.filter(({ standard }) => standard !== 'ICC')).toEqual([]);
    expect([marks, unread]).toEqual([[], 0]);
  }
  await page.getByRole('button', { name: 'What it carried' }).click();
  await page.getByRole('switch', { name: 'Keep the AI mark' }).check({ force: true });
  await page.keyboard.press('Escape');
  for (const format of ['jpeg', 'png', 'webp'] as const) {
    const path = await save(page, format);
    await expect(page.getByText('Saved, with the AI mark and no other metadata.')).toBeVisible();
    expect(partsOf(readFileSync(path))).toEqual(marked[format]);
    const { entries, marks } = await readMetadata(new Uint8Array(readFileSync(path)));
    expect(entries.filter(({ standard }) => standard !== 'ICC')).toHaveLength(1);
    expect(marks.map(({ source }) => source)).toEqual(['trainedAlgorithmicMedia']);
    expect((await pixelsOf(page, path)).width).toBe(24);
  }
  const { saved } = await recordOf(page);
  expect(saved.map(({ aiMark }) => aiMark)).toEqual([
    ...Array<null>(3).fill(null),
    ...Array<string>(3).fill('trainedAlgorithmicMedia'),
  ]);
});

test('photos in Display P3 and Adobe RGB come out in sRGB, as another converter has them', async ({
  page,
}) => {
  await enter(page, server, '?backend=wasm&lang=en#/models');
  await page.getByLabel('Import model').setInputFiles({
    ...{ name: 'Itself.onnx', mimeType: 'application/octet-stream' },
    buffer: Buffer.from(photoItself()),
  });
  await expect(page.getByRole('article', { name: 'Itself' })).toContainText('Ready');
  await page.evaluate(() => (location.hash = '#/cartoon'));
  await page.getByLabel('Model').selectOption({ label: 'Itself' });
  let number = 0;
  for (const space of ['display-p3', 'adobe-rgb'])
    for (const ending of ['png', 'jpg']) {
      await draw(page, fixture(`${space}.${ending}`));
      await expect(cartoon(page, ++number)).toBeVisible({ timeout: 60_000 });
      for (const format of ['png', 'jpeg', 'webp'] as const) {
        const pixels = await pixelsOf(page, await save(page, format));
        const off = vectors.colours[space]!.srgb.map((expected, index) => {
          const box = { x: (index % 4) * 32 + 10, y: Math.floor(index / 4) * 32 + 10, width: 12, height: 12 };
          const found = meanColour(pixels, box);
          return Math.max(...found.map((value, channel) => Math.abs(value - expected[channel]!)));
        });
        expect.soft(Math.max(...off), `${space} ${ending} ${format}`).toBeLessThanOrEqual(2);
      }
    }
});

/** Runs in the page, or a worker of it, until the next result stands, as a leak would that runs beside a job. */
async function drawnWhile(
  page: Page,
  number: number,
  beside: string,
  thread: Page | Worker = page,
): Promise<MeasurementRecord> {
  const run = (code: string) => ('goto' in thread ? thread.evaluate(code) : thread.evaluate(code));
  await run(`globalThis.beside = true; (async () => {
    while (globalThis.beside) { await (${beside})().catch(() => 0); await new Promise((go) => setTimeout(go, 20)); }
  })(); undefined`);
  await draw(page, small);
  await expect(cartoon(page, number)).toBeVisible({ timeout: 60_000 });
  await run('globalThis.beside = false');
  return recordOf(page);
}

test('a record tells what was measured; a request or a write beside the job turns it', async ({ page }) => {
  await enter(page, server);
  const quiet = await drawnWhile(page, 1, '() => Promise.resolve()');
  expect(quiet).toMatchObject({ local_execution: true, data_uploaded: false, input_saved: false });
  expect(quiet.model_version).toMatch(
    /^obscura-faces@[0-9a-f]{64} \+ obscura-cartoon-anime@[0-9a-f]{64}$|^obscura-cartoon-anime@[0-9a-f]{64} \+ obscura-faces@[0-9a-f]{64}$/,
  );
  expect(quiet.measured.network).toEqual({
    ...{ complete: true, requests: 0, bytesReceived: 0, refused: 0, refusedHere: 0 },
  });
  expect(quiet.measured).toMatchObject({
    airlock: { standing: true, openHosts: [] },
    isolated: true,
    aroundWall: 0,
  });
  const { serviceWorker } = quiet.measured.build;
  const served = new Uint8Array(await (await fetch(`${server.url}service-worker.js`)).arrayBuffer());
  expect(serviceWorker).toBe(Buffer.from(await crypto.subtle.digest('SHA-256', served)).toString('hex'));
  const shown = await cartoon(page, 1).evaluate(async (image: HTMLImageElement) => {
    const bytes = await (await fetch(image.src).catch(() => null))?.arrayBuffer();
    return bytes ? [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))] : null;
  });
  expect(quiet.measured.output.sha256).toMatch(/^[0-9a-f]{64}$/);
  if (shown) expect(quiet.measured.output.sha256).toBe(Buffer.from(shown).toString('hex'));

  // The page itself fetches nothing.
  const library = page.workers().find((worker) => worker.url().includes('/engine/library-'))!;
  const fetching = (path: string) => `() => fetch('${server.url}${path}')`;
  const asked = await drawnWhile(page, 2, fetching('models/obscura-faces/obscura-faces.onnx'), library);
  expect(asked.data_uploaded).toBe(true);
  expect(asked.measured.network.requests).toBeGreaterThan(0);
  expect(asked.measured.input.hmacSha256).toBe(quiet.measured.input.hmacSha256);
  expect(asked.measured.models.every(({ reused }) => reused)).toBe(true);

  const refused = await drawnWhile(page, 3, fetching('secret?photo=1'), library);
  expect(refused.data_uploaded).toBe(false);
  expect(refused.measured.network.refused).toBeGreaterThan(0);

  const written = await drawnWhile(
    page,
    4,
    `() => new Promise((done) => {
    const opening = indexedDB.open('a leak', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('s', { autoIncrement: true });
    opening.onsuccess = () => {
      const { result } = opening;
      const writing = result.transaction('s', 'readwrite');
      writing.objectStore('s').add('photo');
      writing.oncomplete = () => { result.close(); done(); };
    };
  })`,
  );
  expect(written.input_saved).toBe('unknown');
  await page.getByRole('button', { name: 'How this was made' }).click();
  await expect(page.getByRole('dialog')).toContainText(/Data uploaded\s*No/);
  await expect(page.getByRole('dialog')).toContainText(/Photo written anywhere\s*Not measured/);
  await expectNoViolation(page, 'record');
});

/** For eyes: SHOTS=folder. */
for (const colorScheme of ['light', 'dark'] as const)
  for (const [width, height] of [
    [390, 844],
    [1280, 800],
  ] as const)
    test(`pictures of it, ${colorScheme}, ${width}`, async ({ page }) => {
      test.skip(shots === undefined, 'only for eyes');
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height });
      await enter(page, server, `?backend=wasm&lang=en#/cartoon`);
      await page.locator('input[type=file]').first().setInputFiles(fixture('full.jpg'));
      const shot = (name: string) =>
        page.screenshot({ path: `${shots}/${name}-${colorScheme}-${width}.png` });
      await page.locator('.traces button').first().waitFor();
      await shot('line');
      await page.locator('.traces button').first().click();
      await page.waitForTimeout(400);
      await shot('carried');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Cartoonize' }).click();
      await page.locator('.traces button').nth(1).waitFor({ timeout: 60_000 });
      await page.waitForTimeout(800);
      await shot('done');
      await page.locator('.traces button').nth(1).click();
      await page.waitForTimeout(400);
      await shot('record');
    });
