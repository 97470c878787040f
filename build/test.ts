/**
 * `npm test`: every check in one run, all of them even when one fails, closed by `N passed, N failed`.
 * With LONG=1 the long samples run too.
 */
import { exec, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ensureChromium } from '../src/cli/browser';

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

/** What vitest and Playwright write in their JSON reports, as far as it is counted here. */
interface UnitReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
}

interface BrowserReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
}

const root = resolve(import.meta.dirname, '..');
const reports = mkdtempSync(join(tmpdir(), 'obscura-test-'));
const total: Count = { passed: 0, failed: 0, skipped: 0 };

function run(title: string, command: string, env: NodeJS.ProcessEnv = {}): boolean {
  console.log(`\n── ${title}`);
  const { status } = spawnSync(command, {
    cwd: root,
    shell: true,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  return status === 0;
}

/** Without a browser there is one more failure, not an end without a count. */
function inBrowser(command: string, env: NodeJS.ProcessEnv): boolean {
  try {
    return run('in the browser', command, { ...env, CHROMIUM: ensureChromium() });
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : thrown);
    return false;
  }
}

/** Runs beside others: what it says is printed when it is done. */
function check(title: string, command: string): Promise<boolean> {
  return new Promise((done) => {
    exec(command, { cwd: root, maxBuffer: Infinity }, (failure, said, complaints) => {
      console.log(`\n── ${title}\n${said}${complaints}`);
      total[failure ? 'failed' : 'passed'] += 1;
      done(!failure);
    });
  });
}

/** A runner that died before writing its report counts as one failure. */
function count(passed: boolean, read: () => Count): void {
  try {
    const found = read();
    total.passed += found.passed;
    total.failed += found.failed;
    total.skipped += found.skipped;
    if (!passed && found.failed === 0) total.failed += 1;
  } catch {
    total.failed += 1;
  }
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(join(reports, name), 'utf8'));
}

const [isBuilt] = await Promise.all([
  check('build', 'npm run --silent build'),
  check('format', 'npm run --silent check:format'),
  check('types', 'npm run --silent check:types'),
  check('lint', 'npm run --silent check:lint'),
]);
count(
  run(
    'unit tests',
    `npx vitest run --reporter=default --reporter=json --outputFile.json=${join(reports, 'unit.json')}`,
  ),
  () => {
    const unit = readJson('unit.json') as UnitReport;
    return { passed: unit.numPassedTests, failed: unit.numFailedTests, skipped: unit.numPendingTests };
  },
);
if (isBuilt) {
  count(
    inBrowser('npx playwright test --config e2e/playwright.config.ts --reporter=list,json', {
      PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, 'browser.json'),
    }),
    () => {
      const { stats } = readJson('browser.json') as BrowserReport;
      if (stats.flaky > 0)
        console.log(`\n${stats.flaky} passed at the second try only, listed above as flaky`);
      return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
    },
  );
}

if (total.skipped > 0)
  console.log(
    `\n${total.skipped} skipped, listed above: they are of the long samples, or their data is not beside this checkout`,
  );
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
