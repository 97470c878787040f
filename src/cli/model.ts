/** `npm run model -- pack DIR|FILE… [--out DIR]`: models for a folder of one's own, beside the app or on another host. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { StudioError } from '../base/errors';
import { errorsEn } from '../ui/words/errors-en';
import { pack } from './pack';
import { PlainError } from './plain-error';

const usage = 'npm run model -- pack DIR|FILE.onnx|FILE.pb… [--out public/models]';

/** What the browser lets a page read, and fetch at all, from another origin (Fetch, section 3.3; HTML, COEP). */
const otherHost = `On a host of another origin these files need the headers
  Access-Control-Allow-Origin: https://your-app.example
  Access-Control-Expose-Headers: Accept-Ranges, Content-Range, ETag, Retry-After
  Cross-Origin-Resource-Policy: cross-origin
  Accept-Ranges: bytes`;

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { out: { type: 'string', default: 'public/models' } },
    });
    const [verb, ...files] = positionals;
    if (verb !== 'pack' || files.length === 0) throw new PlainError(`Usage: ${usage}`);
    return { files, out: resolve(values.out) };
  } catch (thrown) {
    if (thrown instanceof PlainError) throw thrown;
    throw new PlainError(`${thrown instanceof Error ? thrown.message : String(thrown)} Usage: ${usage}`);
  }
}

async function main(): Promise<void> {
  const { files, out } = readArguments();
  for (const { title, part } of await pack(files, out)) {
    console.log(`${part.path}  ${part.bytes} bytes  ${part.sha256}  ${title}`);
  }
  console.log(`${out}/manifest.json names them; beside the app they need nothing more.\n\n${otherHost}`);
}

/** In the words of the page where they are its errors; null for a fault of our own. */
function plainWords(thrown: unknown): string | null {
  if (thrown instanceof PlainError) return thrown.message;
  if (thrown instanceof StudioError)
    return `${errorsEn[thrown.code].happened} ${JSON.stringify(thrown.details)}`;
  const { code, message } = thrown as NodeJS.ErrnoException;
  return code === undefined ? null : message;
}

try {
  await main();
} catch (thrown) {
  const words = plainWords(thrown);
  if (words === null) throw thrown;
  console.error(words);
  process.exitCode = 1;
}
