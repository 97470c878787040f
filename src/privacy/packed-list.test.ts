import { expect, test } from 'vitest';
import type { AllowList } from './allow-list';
import { packList, unpackList } from './packed-list';

const file = (path: string) => ({ path, bytes: path.length, sha256: `hash of ${path}` });
const hub = { path: 'engine/grant-a.js', redirects: ['https://cdn.example'] };
const list: AllowList = {
  shellHash: 'one',
  shell: [file('index.html')],
  engine: [file('engine/a.js'), file('rooms/b.js')],
  models: [file('models/m.onnx')],
  grants: [
    { ...hub, url: 'https://hub.example/1', metadata: 'https://hub.example/api?Revision=1' },
    { ...hub, url: 'https://hub.example/2' },
    { path: 'engine/grant-b.js', redirects: [], url: 'https://hub.example/1' },
  ],
};

test('a list comes out as it went in, and says only once what the files of a grant share', () => {
  const packed = packList(list);
  expect(unpackList(JSON.parse(JSON.stringify(packed)) as typeof packed)).toEqual(list);
  expect(JSON.stringify(packed).split('https://cdn.example')).toHaveLength(2);
});

test('two scripts never share a grant, nor do files whose hosts redirect elsewhere', () => {
  const other = { ...hub, redirects: [], url: 'https://hub.example/3' };
  const mixed = { ...list, grants: [...list.grants, other] };
  expect(packList(mixed).grants).toHaveLength(3);
  expect(unpackList(packList(mixed)).grants).toEqual(mixed.grants);
});
