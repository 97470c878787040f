/**
 * `npm run verify-release -- URL [--release FILE]`: a JSON line for each file that a host serves, and one that says
 * whether its `release.json` is that of the build beside this (or of FILE). Exit 1 where anything differs.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PlainError } from './plain-error';
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

/** What the files are held against, and whether the host's own list is the same. */
async function expectation(base: string, file: string | undefined) {
  const served = await fetchRelease(base);
  if (file !== undefined && !existsSync(file)) throw new PlainError(`There is no file ${file}.`);
  const trusted = file ?? (existsSync(ownBuild) ? ownBuild : null);
  if (trusted === null) return { text: served, against: 'the host itself', same: null };
  const text = readFileSync(trusted, 'utf8');
  return { text, against: trusted, same: served === text };
}

async function main(): Promise<void> {
  const { base, file } = readArguments();
  const { text, against, same } = await expectation(base, file);
  let differing = same === false ? 1 : 0;
  for await (const checked of checkFiles(base, readRelease(text))) {
    console.log(JSON.stringify(checked));
    if (checked.state !== 'same') differing += 1;
  }
  console.log(
    JSON.stringify({ path: 'release.json', state: same === false ? 'different' : 'same', against }),
  );
  if (differing > 0) process.exitCode = 1;
}

main().catch((thrown: unknown) => {
  if (!(thrown instanceof PlainError)) throw thrown;
  console.error(thrown.message);
  process.exitCode = 1;
});
