import { expect, it } from 'vitest';
import type { GrantListener } from '../jobs/grant-workers';
import type { Library } from '../jobs/library-bridge';
import { catalog } from '../library/catalog';
import { auditedLibrary } from './audited-library';

const card = catalog[0]!;

it('notes what came, not what failed, and each turn of the airlock once', async () => {
  const noted: string[] = [];
  let grants: GrantListener = () => undefined;
  const library = {
    get: () => Promise.resolve(card),
    importModels: (files: readonly File[]) =>
      files.length === 0
        ? Promise.reject(new Error('refused'))
        : Promise.resolve({ cards: [card], failed: [{ title: 'Another', error: new Error('refused') }] }),
    watchGrants: (listener: GrantListener) => (grants = listener),
  } as unknown as Library;
  const heard: number[] = [];
  const audited = auditedLibrary(library, (event) => noted.push(event));
  audited.watchGrants((cards) => heard.push(cards.length));
  await audited.get(card, () => undefined);
  await audited.importModels([]).catch(() => undefined);
  await audited.importModels([new File([], 'manifest.json')]);
  for (const cards of [[], [card], [card, card], [card], []]) grants(cards);
  expect(noted).toEqual(['model-get', 'model-import', 'airlock-open', 'airlock-close']);
  expect(heard).toEqual([0, 1, 2, 1, 0]);
});
