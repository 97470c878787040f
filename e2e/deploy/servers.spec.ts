/** The server files of the deploy kit under real servers and a real browser, behind TLS and a password. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, expect, test } from '@playwright/test';
import { strictTransport } from '../../build/deploy/host-rules';
import { ensureChromium, launchArgs } from '../../src/cli/browser';
import { cacheControl, headersOf, mimeType, readHeadersFile } from '../../src/privacy/policy';
import { expectReady, openBehindWall } from '../built-app';
import { dist, isHere, startHost, visitor, type Host } from './host';

const authorization = `Basic ${Buffer.from(`${visitor.username}:${visitor.password}`).toString('base64')}`;
const files = {
  'nginx.conf': 'nginx',
  'nginx-unprivileged.conf': 'nginx',
  Caddyfile: 'caddy',
} as const;

test('the systemd unit is sound to systemd itself, and exposes next to nothing', () => {
  test.skip(process.env.LONG === undefined, 'runs in npm run test:long');
  test.skip(!isHere('systemd-analyze') || !isHere('nginx'), 'systemd-analyze or nginx is not installed here');
  const unit = join(dist, 'deploy/obscura.service');
  const analyze = (...words: string[]) =>
    spawnSync('systemd-analyze', [...words, unit], { encoding: 'utf8' });
  const verified = analyze('verify');
  expect([verified.status, verified.stdout, verified.stderr]).toEqual([0, '', '']);
  // Of 100, which is a unit that may do anything.
  const judged = analyze('security', '--offline=true', '--threshold=15');
  expect(judged.status, judged.stdout).toBe(0);
});

let host: Host | null = null;
test.afterEach(async () => {
  await host?.close();
  host = null;
});

/** What the build itself wrote for a grant's script, and the policy for everything else. */
function expected(path: string) {
  const written = readHeadersFile(readFileSync(join(dist, '_headers'), 'utf8'), path);
  const policy = path.startsWith('engine/grant-') && written ? written : headersOf(path, []);
  const sent = {
    ...policy,
    'Cache-Control': cacheControl(path),
    'Strict-Transport-Security': strictTransport,
  };
  return Object.fromEntries(Object.entries(sent).map(([name, value]) => [name.toLowerCase(), value]));
}

for (const [file, program] of Object.entries(files)) {
  test.describe(file, () => {
    test.skip(process.env.LONG === undefined, 'runs in npm run test:long');
    test.skip(!isHere(program) || !isHere('openssl'), `${program} or openssl is not installed here`);

    test('sends every file under the headers of the policy, and lets nobody in without the password', async () => {
      host = await startHost(file);
      const release = JSON.parse(readFileSync(join(dist, 'release.json'), 'utf8')) as { files: object };
      const paths = ['', 'release.json', ...Object.keys(release.files)];
      const allowed = { authorization };
      for (const path of paths) {
        const { status, headers, body } = await host.get(path, allowed);
        expect([path, status]).toEqual([path, 200]);
        expect(headers, path).toMatchObject(expected(path));
        expect(headers['content-type'], path).toBe(mimeType(path));
        expect(body.equals(readFileSync(join(dist, path || 'index.html'))), path).toBe(true);
      }
      const missing = await host.get('nothing', allowed);
      expect([missing.status, missing.headers]).toMatchObject([404, expected('nothing')]);
      for (const path of ['', 'service-worker.js', 'nothing']) {
        expect((await host.get(path)).status, path).toBe(401);
      }
      const range = await host.get('icons/icon-192.png', { ...allowed, range: 'bytes=1-3' });
      expect([range.status, range.body.toString()]).toEqual([206, 'PNG']);
    });

    test('serves what lies beside the build, which a new build does not touch', async () => {
      host = await startHost(file);
      const shipped = await host.get('obscura.config.json', { authorization });
      expect(shipped.body.toString()).toBe(readFileSync(join(dist, 'obscura.config.json'), 'utf8'));
      writeFileSync(join(host.beside, 'obscura.config.json'), '{"own":true}');
      writeFileSync(join(host.beside, 'models/manifest.json'), '{"models":[]}');
      const own = await host.get('obscura.config.json', { authorization });
      const manifest = await host.get('models/manifest.json', { authorization });
      expect([own.body.toString(), manifest.body.toString()]).toEqual(['{"own":true}', '{"models":[]}']);
      for (const { headers } of [own, manifest]) {
        expect(headers).toMatchObject(expected('obscura.config.json'));
        expect(headers['content-type']).toBe('application/json');
      }
    });

    test('writes nothing down about who asked for what', async () => {
      host = await startHost(file);
      const secret = 'c4nary';
      await host.get(`?d=${secret}`, {
        authorization,
        'user-agent': secret,
        referer: `https://${secret}.example`,
      });
      for (const path of [secret, `models/${secret}.onnx`, `engine/../${secret}`]) {
        await host.get(path, { authorization });
        await host.get(path, { authorization: `Basic ${Buffer.from(`${secret}:x`).toString('base64')}` });
      }
      expect(host.written()).not.toContain(secret);
      expect(host.written()).not.toContain('127.0.0.1');
    });

    test('page, service worker, workers and manifest load behind the password', async () => {
      host = await startHost(file);
      const browser = await chromium.launch({
        executablePath: ensureChromium(),
        args: [...launchArgs, '--ignore-certificate-errors'],
      });
      const context = await browser.newContext({ httpCredentials: visitor, ignoreHTTPSErrors: true });
      const page = await context.newPage();
      const refused: string[] = [];
      context.on('response', (response) => {
        if (response.status() >= 400) refused.push(`${response.status()} ${response.url()}`);
      });
      const opened = `${host.url}?backend=wasm`;
      await openBehindWall(page, opened);
      await expectReady(page);
      const session = await context.newCDPSession(page);
      const manifest = await session.send('Page.getAppManifest');
      expect([manifest.errors, manifest.data?.includes('Obscura')]).toEqual([[], true]);
      // The browser says who it is only once it was asked, for the page itself.
      expect(refused.filter((line) => line !== `401 ${opened}`)).toEqual([]);
      await browser.close();
    });
  });
}
