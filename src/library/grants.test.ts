import { expect, test } from 'vitest';
import { isGrantable } from '../privacy/policy';
import { catalog } from './catalog';
import { filesOf } from '../models/files';
import { grants, grantsOf } from './grants';

test('every foreign source is one file over https, at a pinned revision or with its host’s statement', () => {
  const dctNet = ['3d', 'anime', 'artstyle', 'design', 'handdrawn', 'illustration', 'sketch'];
  expect([...new Set(grants.map(({ cardId }) => cardId))].sort()).toEqual([
    ...dctNet.map((style) => `dct-net-${style}`),
    ...['sd-turbo', 'yunet-n', 'yunet-s', 'z-image-turbo'],
  ]);
  for (const grant of grants) {
    expect(isGrantable(grant)).toBe(true);
    if (grant.metadata === undefined) expect(grant.url).toMatch(/^https:\/\/[^?#]+\/[0-9a-f]{40}\/[^?#]+$/);
    else expect(new URL(grant.metadata).origin).toBe(new URL(grant.url).origin);
  }
});

test('a card names a path of the app or a foreign source, never both, and an id that fits a file name', () => {
  for (const card of catalog) {
    for (const { path, remote, name } of filesOf(card))
      expect(path !== undefined && remote !== undefined, name).toBe(false);
    expect(card.id).toMatch(/^[\w-]+$/);
  }
});

test('a model without a foreign source has no grant', () => {
  expect(grantsOf('yunet-s').map(({ url }) => url)).toEqual([
    expect.stringContaining('yunet_s_dynamic.onnx'),
  ]);
  expect(() => grantsOf('obscura-faces')).toThrow(expect.objectContaining({ code: 'model/not-installed' }));
});
