import { expect, test } from 'vitest';
import { isGrantable } from '../privacy/policy';
import { catalog } from './catalog';
import { grantOf, grants } from './grants';

test('every foreign source is one file over https, at a pinned revision or with its host’s statement', () => {
  const dctNet = ['3d', 'anime', 'artstyle', 'design', 'handdrawn', 'illustration', 'sketch'];
  expect(grants.map(({ cardId }) => cardId).sort()).toEqual([
    ...dctNet.map((style) => `dct-net-${style}`),
    ...['yunet-n', 'yunet-s'],
  ]);
  for (const grant of grants) {
    expect(isGrantable(grant)).toBe(true);
    if (grant.metadata === undefined) expect(grant.url).toMatch(/^https:\/\/[^?#]+\/[0-9a-f]{40}\/[^?#]+$/);
    else expect(new URL(grant.metadata).origin).toBe(new URL(grant.url).origin);
  }
});

test('a card names a path of the app or a foreign source, never both, and an id that fits a file name', () => {
  for (const { id, part } of catalog) {
    expect(part.path !== undefined && part.remote !== undefined, id).toBe(false);
    expect(id).toMatch(/^[\w-]+$/);
  }
});

test('a model without a foreign source has no grant', () => {
  expect(grantOf('yunet-s').url).toContain('yunet_s_dynamic.onnx');
  expect(() => grantOf('obscura-faces')).toThrow(expect.objectContaining({ code: 'model/not-installed' }));
});
