import { describe, expect, it } from 'vitest';
import { personalMarks } from './personal';

/** What stands between ‹ and › is to be pointed at as this. */
const told: readonly (readonly [prompt: string, ...kinds: string[]])[] = [
  ['a card that says ‹anna.smith+x@mail.example.co.uk›', 'email'],
  ['写着 ‹wang@例子.公司.cn› 的名片', 'email'],
  ['a sign with ‹+49 (30) 901820› on it', 'phone'],
  ['call ‹+1-202-555-0143› now', 'phone'],
  ['call ‹(202) 555-0143› now', 'phone'],
  ['a van with ‹020 7946 0018› painted on it', 'phone'],
  ['手机号‹13800138000›，蓝色的海报', 'phone'],
  ['海报上写 ‹010-62345678›', 'phone'],
  // GB 11643's own example; an IBAN and a card number from the standards' examples.
  ['身份证 ‹11010519491231002X› 的照片', 'id'],
  ['an invoice with ‹GB82 WEST 1234 5698 7654 32›', 'id'],
  ['a golden card, ‹4111 1111 1111 1111›', 'id'],
  ['a badge, ‹078-05-1120›', 'id'],
  ['a ‹passport number: X1234567›', 'id'],
  ['a portrait of ‹Emma Johnson› in the rain', 'name'],
  ['in the style of ‹Vincent van Gogh›', 'name'],
  ['‹Dr. Alice Munroe› and ‹Mr Smith› at a table', 'name', 'name'],
  ['a girl named ‹Zoë› with a kite', 'name'],
  ['一个名叫‹李小龙›的人', 'name'],
  ['‹张伟›先生站在桥上', 'name'],
  ['‹Emma Johnson› calls ‹+1 202 555 0143›', 'name', 'phone'],
];

/** Of these nothing is pointed at. */
const plain = [
  '',
  'a paper lantern floating on a lake at night, 35mm, f/1.4',
  'the Eiffel Tower in New York City, Art Nouveau poster',
  'a poster of 1920s Paris, 1920x1080, 8k, 24 fps',
  'built on 2024-05-06, opened 06.05.2024',
  'three lamps, 1000000 stars, a 4:3 frame, 12345678 grains of sand',
  'a card, 4111 1111 1111 1112',
  'A Beautiful Portrait Of An Old Woman In Red Velvet',
  'the Old Harbour in winter',
  '高山流水，白云，黄河边的老人，石桥',
  'seed 110105194912310021, steps 8',
];

describe('a prompt', () => {
  it.each(told)('%s: pointed at', (marked, ...kinds) => {
    const prompt = marked.replace(/[‹›]/g, '');
    const found = personalMarks(prompt);
    expect(found.map(({ text }) => text)).toEqual([...marked.matchAll(/‹(.*?)›/g)].map((each) => each[1]));
    expect(found.map(({ kind }) => kind)).toEqual(kinds);
    for (const { start, end, text } of found) expect(prompt.slice(start, end)).toBe(text);
  });

  it.each(plain)('%s: left alone', (prompt) => {
    expect(personalMarks(prompt)).toEqual([]);
  });

  it('of the longest that the box takes is read in no time', () => {
    for (const piece of ['1 2-3.', 'Aa ', '(0 ', 'a@a.', 'Van de ', '00 ', '王'] as const) {
      const started = performance.now();
      personalMarks(piece.repeat(Math.ceil(8000 / piece.length)));
      expect(performance.now() - started, piece).toBeLessThan(500);
    }
  });
});
