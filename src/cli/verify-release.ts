/**
 * `npm run verify-release -- URL [--release FILE]`: a JSON line for each file that a host serves, and one that says
 * whether its `release.json` is that of the build beside this (or of FILE). Exit 1 where anything differs.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PlainError, runCommand } from './plain-error';
import { checkFiles, fetchRelease, readRelease } from './release-check';

const usage = 'Usage: npm run verify-release -- https://host/folder/ [--release FILE]';
const ownBuild = fileURLToPath(new URL('../../dist/release.json', import.meta.url));

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { release: { type: 'string' } },
    });
    const [address, ...others] = positionals;
    if (address === undefined || others.length > 0 || !URL.canParse(address)) throw new PlainError(usage);
    return { base: new URL('./', address).href, file: values.release };
  } catch (thrown) {
    throw thrown instanceof PlainError ? thrown : new PlainError(usage, { cause: thrown });
  }
}

/** What the files are held against: the build at hand if there is one, since a host's own list proves little. */
function trustedRelease(file: string | undefined): string | null {
  if (file !== undefined && !existsSync(file)) throw new PlainError(`There is no file ${file}.`);
  return file ?? (existsSync(ownBuild) ? ownBuild : null);
}

async function main(): Promise<void> {
  const { base, file } = readArguments();
  const against = trustedRelease(file);
  const served = await fetchRelease(base);
  const trusted = against === null ? served : readFileSync(against, 'utf8');
  const say = (checked: object, fits: boolean) => {
    console.log(JSON.stringify(checked));
    if (!fits) process.exitCode = 1;
  };
  for await (const checked of checkFiles(base, readRelease(trusted))) say(checked, checked.state === 'same');
  const state = against === null ? 'not compared' : served === trusted ? 'same' : 'different';
  say(
    { path: 'release.json', state, against: against ?? 'nothing: there is no build here' },
    state !== 'different',
  );
}

await runCommand(main);
