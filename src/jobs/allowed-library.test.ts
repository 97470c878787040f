import { expect, test } from 'vitest';
import { StudioError } from '../base/errors';
import type { ShelfEntry } from '../library/librarian';
import { card as builtIn } from '../models/obscura-faces/card';
import { card as foreign } from '../models/yunet-n/card';
import { card as imported } from '../models/dct-net-anime/card';
import { fetchedForm } from '../models/remote';
import { openDeployment, unreadDeployment, type Deployment } from '../privacy/deployment';
import { allowedLibrary } from './allowed-library';
import type { Library } from './library-bridge';

const entry = (card: ShelfEntry['card'], state: ShelfEntry['state'] = 'absent'): ShelfEntry => ({
  card,
  state,
  heldBytes: 0,
  paused: false,
});

/** A library of three models of which each may be asked for; `done` is what it was told to do. */
function libraryUnder(
  rules: Partial<Deployment['models']>,
  states: Record<string, ShelfEntry['state']> = {},
  brought: readonly ShelfEntry['card'][] = [imported],
  failed: readonly { title: string; error: StudioError }[] = [],
) {
  const done: string[] = [];
  const library = {
    list: () => Promise.resolve([builtIn, foreign, imported].map((card) => entry(card, states[card.id]))),
    get: (card: ShelfEntry['card']) => {
      done.push(`get ${card.id}`);
      return Promise.resolve(card);
    },
    importModels: () => {
      done.push('import');
      return Promise.resolve({ cards: brought, failed });
    },
    remove: (id: string) => {
      done.push(`remove ${id}`);
      return Promise.resolve();
    },
  } as unknown as Library;
  const allowed = allowedLibrary(library, () => ({ ...openDeployment.models, ...rules }));
  const listed = async () => (await allowed.list()).map(({ card }) => card.id);
  return { allowed, done, listed };
}

const file = new File([], 'anime.onnx');
const refused = expect.objectContaining({ code: 'model/not-allowed' }) as StudioError;

test('where nothing is set everything is as without', async () => {
  const { allowed, done, listed } = libraryUnder({});
  expect(await listed()).toEqual([builtIn.id, foreign.id, imported.id]);
  await allowed.get(foreign, () => undefined);
  expect(await allowed.importModels([file])).toEqual({ cards: [imported], failed: [] });
  expect(done).toEqual([`get ${foreign.id}`, 'import']);
});

test('only what is allowed is listed, ready or not, and got; what ships with the app always is', async () => {
  const { allowed, done, listed } = libraryUnder(
    { allowed: [foreign.part.sha256] },
    { [imported.id]: 'ready' },
  );
  expect(await listed()).toEqual([builtIn.id, foreign.id]);
  await expect(allowed.get(imported, () => undefined)).rejects.toEqual(refused);
  await allowed.get(foreign, () => undefined);
  expect(done).toEqual([`get ${foreign.id}`]);
});

test('a file that turns out to be another model is not kept', async () => {
  const { allowed, done } = libraryUnder({ allowed: [foreign.id] });
  await expect(allowed.importModels([file])).rejects.toEqual(refused);
  expect(done).toEqual(['import', `remove ${imported.id}`]);
});

test('of several models that come together those that are allowed stay, and of the others it is told why', async () => {
  const broken = { title: 'Third', error: new StudioError('model/hash-mismatch') };
  const rules = { allowed: [foreign.id] };
  const { allowed, done } = libraryUnder(rules, {}, [foreign, imported], [broken]);
  expect(await allowed.importModels([file])).toEqual({
    cards: [foreign],
    failed: [broken, { title: imported.title, error: refused }],
  });
  expect(done).toEqual(['import', `remove ${imported.id}`]);
});

test('a hash allows that file, and not what its makers publish in another form under a hash that their host states', async () => {
  const rules = { allowed: [imported.part.sha256] };
  const { allowed, done } = libraryUnder(rules);
  const original = fetchedForm(imported);
  await expect(allowed.get(original, () => undefined)).rejects.toEqual(refused);
  const stated = { ...original.part!, bytes: 1, sha256: 'ab'.repeat(32), stated: true } as const;
  await expect(allowed.get({ ...imported, part: stated }, () => undefined)).rejects.toEqual(refused);
  const made = { ...imported, part: { ...stated, name: 'cartoon_bg.onnx' }, converted: true } as const;
  await expect(libraryUnder(rules, {}, [made]).allowed.importModels([file])).rejects.toEqual(refused);
  expect(done).toEqual([]);
  await allowed.get(imported, () => undefined);
  const byId = libraryUnder({ allowed: [imported.id] });
  await byId.allowed.get(original, () => undefined);
  expect([done, byId.done]).toEqual([[`get ${imported.id}`], [`get ${imported.id}`]]);
});

test('where imports are forbidden no file is read', async () => {
  const { allowed, done } = libraryUnder({ import: false });
  await expect(allowed.importModels([file])).rejects.toEqual(refused);
  expect(done).toEqual([]);
});

test('where models come from here alone no other host is asked, and what came earlier stays', async () => {
  const { allowed, done, listed } = libraryUnder({ from: 'here' });
  expect(await listed()).toEqual([builtIn.id, imported.id]);
  await expect(allowed.get(foreign, () => undefined)).rejects.toEqual(refused);
  expect(done).toEqual([]);
  expect(await libraryUnder({ from: 'here' }, { [foreign.id]: 'ready' }).listed()).toContain(foreign.id);
});

test('before the settings are read only what ships with the app is there, and nothing comes in', async () => {
  const { allowed, listed, done } = libraryUnder(unreadDeployment.models);
  expect(await listed()).toEqual([builtIn.id]);
  const refused = { code: 'model/not-allowed' };
  await expect(allowed.get(foreign, () => undefined)).rejects.toMatchObject(refused);
  await expect(allowed.importModels([new File(['x'], 'x.onnx')])).rejects.toMatchObject(refused);
  expect(done).toEqual([]);
});
