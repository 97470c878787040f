/** A 20-megapixel photo comes back whole, within the memory a tab may take. */
import { expect, test } from '@playwright/test';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppDriver } from '../src/cli/app-driver';
import { peakMemory } from './bench/memory';
import { isLong } from './long';

const photo = resolve(import.meta.dirname, '../../shared/data/photos/large/DSC07978.JPG');
const limitBytes = 1.5e9;

test.skip(!existsSync(photo), 'the large photo is not beside this checkout');

test('20 megapixels stay below 1.5 GB', async () => {
  test.skip(!isLong, 'it runs with npm run test:long');
  const driver = await AppDriver.open('wasm');
  try {
    const stopWatching = peakMemory();
    const result = await driver.cartoonize(photo, 'jpeg');
    const peakBytes = stopWatching();
    expect([result.width, result.height]).toEqual([3376, 6000]); // its EXIF orientation stands it upright
    expect(peakBytes).toBeGreaterThan(6000 * 3376 * 4);
    expect(peakBytes).toBeLessThan(limitBytes);
    test.info().annotations.push({ type: 'peak', description: `${Math.round(peakBytes / 1e6)} MB` });
  } finally {
    await driver.close();
  }
});
