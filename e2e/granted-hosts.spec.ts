/** What the built app may ever be let reach, read off its files. */
import { expect, test } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const built = resolve(import.meta.dirname, '../dist');

test('the production build grants the hosts of its cards over https and names no machine of the tests', () => {
  const text = readdirSync(built, { recursive: true, withFileTypes: true })
    .filter(({ name }) => /\.(html|js|css|json|webmanifest)$|^_headers$/.test(name))
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
    .join('\n');
  expect(text).not.toMatch(/\b(?:https?|wss?):\/\/(?:localhost|127\.|\[::1\])/);
  const origins = [...readFileSync(join(built, '_headers'), 'utf8').matchAll(/\w+:\/\/[\w.:-]+/g)];
  expect(new Set(origins.map(([origin]) => origin))).toEqual(
    new Set([
      ...['https://raw.githubusercontent.com'],
      ...['https://www.modelscope.cn', 'https://cdn-lfs-cn-1.modelscope.cn'],
      ...['https://huggingface.co', 'https://cas-bridge.xethub.hf.co', 'https://us.aws.cdn.hf.co'],
    ]),
  );
});
