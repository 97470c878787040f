/** A model goes out as files and comes back the same; what is not it, or cannot be written, leaves nothing. */
import { expect, test } from 'vitest';
import { onnxType } from '../foundry/onnx-tensor';
import { GraphBuilder, writeOnnx } from '../foundry/onnx-writer';
import { ofOneFile } from '../models/files';
import { exportFiles, exportTo } from './exporter';
import { importModel, setColours } from './importer';
import { memoryStore } from './memory-store';
import { restoreModels } from './restorer';

/** A graph of one picture in and out, told apart by what it adds. */
function painter(added: number): Uint8Array<ArrayBuffer> {
  const graph = new GraphBuilder();
  graph.finish(graph.node('Add', ['x', graph.scalar(added)]), 'y');
  const picture = (name: string) => ({ name, elementType: onnxType.float32, dims: [1, 3, 'h', 'w'] });
  const { nodes, tensors } = graph;
  return writeOnnx('painter', { opset: 17, inputs: [picture('x')], outputs: [picture('y')], nodes, tensors });
}

const guess = { order: 'bgr', range: 'unit' } as const;

/** A store that holds one imported model with what was said of its colours. */
async function shelf() {
  const store = memoryStore();
  const { id } = await importModel(new Blob([painter(1)]), '小画家.onnx', store);
  return { store, card: await setColours(store, id, guess) };
}

/** A folder of the kind that the browser gives, as far as an export uses it. */
class MemoryFolder {
  readonly kind = 'directory';
  readonly entries = new Map<string, Blob | MemoryFolder>();
  constructor(
    readonly name: string,
    readonly failAt = Infinity,
  ) {}
  getDirectoryHandle(name: string): Promise<MemoryFolder> {
    const inner = this.entries.get(name) ?? new MemoryFolder(name, this.failAt);
    this.entries.set(name, inner);
    return Promise.resolve(inner as MemoryFolder);
  }
  getFileHandle(name: string) {
    if (!this.entries.has(name)) this.entries.set(name, new Blob());
    const failAt = name.endsWith('.onnx') ? this.failAt : Infinity;
    return Promise.resolve({
      getFile: () => Promise.resolve(this.entries.get(name) as Blob),
      createWritable: () => {
        const pieces: Blob[] = [];
        return Promise.resolve({
          write: (piece: Uint8Array<ArrayBuffer>) => {
            if (pieces.length >= failAt)
              return Promise.reject(new DOMException('full', 'QuotaExceededError'));
            return Promise.resolve(void pieces.push(new Blob([piece])));
          },
          abort: () => Promise.resolve(),
          close: () => Promise.resolve(void this.entries.set(name, new Blob(pieces))),
        });
      },
    });
  }
  removeEntry(name: string) {
    const entry = this.entries.get(name);
    if (!entry || (entry instanceof MemoryFolder && entry.entries.size > 0))
      return Promise.reject(new DOMException('not', 'InvalidModificationError'));
    this.entries.delete(name);
    return Promise.resolve();
  }
  async files(): Promise<File[]> {
    const found = [...this.entries].map(([name, entry]) =>
      entry instanceof MemoryFolder ? entry.files() : Promise.resolve([new File([entry], name)]),
    );
    return (await Promise.all(found)).flat();
  }
}

const folderOf = (failAt?: number) => {
  const folder = new MemoryFolder('Chosen', failAt);
  return { folder, handle: folder as unknown as FileSystemDirectoryHandle };
};

test('a folder restores exactly the model, under its own title, licence and options', async () => {
  const { store, card } = await shelf();
  const { folder, handle } = folderOf();
  await exportTo(handle, card.id, store);
  const files = await folder.files();
  expect(files.map(({ name }) => name).sort()).toEqual(['manifest.json', 'model.onnx']);
  const other = memoryStore();
  const [restored] = (await restoreModels(files, other)).cards;
  expect(restored).toEqual({ ...card, part: { ...card.part, name: 'model.onnx' } });
  expect(await other.read(ofOneFile(restored)!)).toEqual(await store.read(ofOneFile(card)!));
});

test('as two downloads too, whatever the browser called them', async () => {
  const { store, card } = await shelf();
  const [model, manifest] = await exportFiles(card.id, store);
  const renamed = [new File([model!], 'model (2).onnx'), new File([manifest!], 'manifest (1).json')];
  expect((await restoreModels(renamed, memoryStore())).cards).toMatchObject([{ title: '小画家', guess }]);
});

test('a manifest of several models restores them all, or none where one is missing', async () => {
  const { store, card } = await shelf();
  const { id } = await importModel(new Blob([painter(2)]), 'Second.onnx', store);
  const [one, first] = await exportFiles(card.id, store);
  const [two, second] = await exportFiles(id, store);
  type Listing = { models: { part: { path: string } }[] };
  const listings = await Promise.all(
    [first!, second!].map(async (file) => JSON.parse(await file.text()) as Listing),
  );
  for (const [index, listing] of listings.entries()) listing.models[0]!.part.path = `${index}/model.onnx`;
  const both = { ...listings[0]!, models: listings.flatMap(({ models }) => models) };
  const manifest = new File([JSON.stringify(both)], 'manifest.json');
  // Of one name and length, as two nets of one make are.
  const files = [new File([two!], 'model.onnx'), new File([one!], 'model.onnx')];
  const other = memoryStore();
  const stray = [new File([one!, 'longer'], 'model.onnx')];
  await expect(restoreModels([manifest, ...stray], other)).rejects.toMatchObject({
    code: 'model/missing-file',
  });
  expect(await other.list()).toEqual([]);
  const restored = await restoreModels([manifest, ...files], other);
  expect(restored.cards.map(({ title }) => title)).toEqual(['小画家', 'Second']);
  expect([restored.failed, (await other.list()).length]).toEqual([[], 2]);
  // What is wrong with one is told of that one, and costs no other.
  const rotten = new Uint8Array(await two!.arrayBuffer());
  rotten[rotten.length - 1]! ^= 1;
  const third = memoryStore();
  const came = await restoreModels(
    [manifest, new File([rotten], 'model.onnx'), new File([one!], 'model.onnx')],
    third,
  );
  expect([came.cards.map(({ title }) => title), (await third.list()).length]).toEqual([['小画家'], 1]);
  expect(came.failed).toMatchObject([{ title: 'Second', error: { code: 'model/hash-mismatch' } }]);
});

test('other bytes, no bytes and a stranger beside the manifest are refused, and the shelf stays', async () => {
  const { store, card } = await shelf();
  const [model, manifest] = await exportFiles(card.id, store);
  const other = memoryStore();
  await importModel(new Blob([painter(2)]), 'before.onnx', other);
  const before = await other.list();
  const stranger = new File([painter(3)], model!.name);
  const pickle = new File([Uint8Array.of(0x80, 2, 0x7d)], model!.name);
  await expect(restoreModels([manifest!, stranger], other)).rejects.toMatchObject({
    code: 'model/hash-mismatch',
  });
  await expect(restoreModels([manifest!, pickle], other)).rejects.toMatchObject({ code: 'model/pickle' });
  await expect(restoreModels([manifest!], other)).rejects.toMatchObject({ code: 'model/missing-file' });
  expect(await other.list()).toEqual(before);
});

test('a file that is here already keeps its one name', async () => {
  const { store, card } = await shelf();
  const files = await exportFiles(card.id, store);
  expect((await restoreModels(files, store)).cards.map(({ id }) => id)).toEqual([card.id]);
  expect((await importModel(files[0]!, 'other.onnx', store)).title).toBe('小画家');
  expect(await store.list()).toHaveLength(1);
});

test('a folder that takes no more leaves nothing that looks like a model', async () => {
  const { store, card } = await shelf();
  const { folder, handle } = folderOf(0);
  await expect(exportTo(handle, card.id, store)).rejects.toMatchObject({ code: 'model/export-failed' });
  expect(folder.entries.size).toBe(0);
});

test('an older export whose writing failed has no manifest any more', async () => {
  const { store, card } = await shelf();
  const { folder, handle } = folderOf();
  await exportTo(handle, card.id, store);
  const full = folderOf(0);
  for (const [name, entry] of (folder.entries.get(card.id) as MemoryFolder).entries)
    (await full.folder.getDirectoryHandle(card.id)).entries.set(name, entry);
  await expect(exportTo(full.handle, card.id, store)).rejects.toMatchObject({ code: 'model/export-failed' });
  expect((await full.folder.files()).map(({ name }) => name)).toEqual(['model.onnx']);
});
