/** Writes bytes and SHA-256 of the shipped model files into their cards: `npx tsx build/pin-models.ts`. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
/** What was packed beside them is named by a manifest and not by a card. */
const isOurs = (id: string) => existsSync(join(root, 'public/models', id, `${id}.onnx`));

for (const id of readdirSync(join(root, 'public/models')).filter(isOurs)) {
  const file = readFileSync(join(root, 'public/models', id, `${id}.onnx`));
  const path = join(root, 'src/models', id, 'card.ts');
  const digits = String(file.length).replace(/\B(?=(\d{3})+$)/g, '_');
  const card = readFileSync(path, 'utf8')
    .replace(/bytes: [\d_]+/, `bytes: ${digits}`)
    .replace(/sha256: '[0-9a-f]*'/, `sha256: '${createHash('sha256').update(file).digest('hex')}'`);
  writeFileSync(path, card);
  console.log(`${id}: ${file.length} bytes`);
}
