/** Forms, what is read out of their values, and the tables they go into. */
import { describe, expect, test } from 'vitest';
import { compileSchema } from '../../grammar/schema';
import { isCreditCode, isIban, isMrz, isResidentId } from './check-digits';
import { readCsv, toCsv } from './csv';
import { readDate } from './dates';
import { examine } from './examine';
import { splitBoxes, withBoxes } from './pointing';
import { extractPrompt } from './prompt';
import { templateFields, templateIds, templateSchema } from './templates';

const each = templateIds.flatMap((id) => (['en', 'zh'] as const).map((language) => [id, language] as const));

test.each(each)(
  'the form %s (%s) is of the profile, with boxes and without, and every value may be missing',
  (id, language) => {
    const schema = templateSchema(templateFields(id, language));
    const takes = (whole: unknown, text: string) => {
      const compiled = compileSchema(whole);
      let state = compiled.whole;
      for (const byte of new TextEncoder().encode(text)) state = compiled.expressions.after(state, byte);
      return state.least === 0;
    };
    const nothing = Object.entries(templateFields(id, language)).map(
      ([name, field]) => `${JSON.stringify(name)}: ${typeof field === 'string' ? 'null' : '[]'}`,
    );
    expect(takes(schema, `{${nothing.join(', ')}}`)).toBe(true);
    const pointed = nothing.map((field) => field.replace(/null$/, '{"value": null, "bbox_2d": null}'));
    expect(takes(withBoxes(schema), `{${pointed.join(', ')}}`)).toBe(true);
    expect(extractPrompt(schema, language)).toContain(
      language === 'zh' ? '图片上没有的填 null' : 'write null',
    );
  },
);

test('field names of the two languages are their own', () => {
  for (const id of templateIds) {
    expect(Object.keys(templateFields(id, 'en')).join('')).toMatch(/^[a-z_]+$/);
    expect(Object.keys(templateFields(id, 'zh')).join('')).toMatch(/^\p{Script=Han}+$/u);
  }
});

describe('dates', () => {
  test.each([
    ['2024-02-29', '2024-02-29'],
    ['2024/2/9', '2024-02-09'],
    ['2024年2月29日', '2024-02-29'],
    ['二〇二四年十二月三十一日', '2024-12-31'],
    ['二〇二四年十月二十日', '2024-10-20'],
    ['29.02.2024', '2024-02-29'],
    ['03.04.2024', '2024-04-03'],
    ['29/02/2024', '2024-02-29'],
    ['02/29/2024', '2024-02-29'],
    ['05/05/2024', '2024-05-05'],
    ['29 Feb 2024', '2024-02-29'],
    ['Feb. 29, 2024', '2024-02-29'],
    ['1st of September 2024', '2024-09-01'],
    ['20240229', '2024-02-29'],
    ['2024-02-29T10:00:00', '2024-02-29'],
  ])('%s is %s', (printed, iso) => {
    expect(readDate(printed)).toBe(iso);
  });

  test.each(['03/04/2024', '2023-02-29', '29 Foo 2024', '24-02-03', '2024-02/03', '长期', ''])(
    '%s is not told for sure',
    (printed) => {
      expect(readDate(printed)).toBeNull();
    },
  );
});

/** Right ones as their standards and registries print them: GB 11643 annex, ICAO 9303 parts 4 to 6, the IBAN registry. */
describe('check digits', () => {
  const passport =
    'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10';
  const card =
    'I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<';
  const travel = 'I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6';

  test.each<[string, (printed: string) => boolean, readonly string[]]>([
    ['resident', isResidentId, ['11010519491231002X', '440524188001010014']],
    ['credit code', isCreditCode, ['91350100M000100Y43', '9144030071526726XG']],
    [
      'IBAN',
      isIban,
      [
        'DE89 3704 0044 0532 0130 00',
        'GB29NWBK60161331926819',
        'FR1420041010050500013M02606',
        'NO9386011117947',
      ],
    ],
    ['MRZ', isMrz, [passport, card, travel]],
  ])('%s numbers agree as published, and with any one sign changed they do not', (_, agrees, right) => {
    for (const printed of right) {
      expect(agrees(printed), printed).toBe(true);
      expect(agrees(printed.slice(0, -1))).toBe(false);
    }
    for (const printed of right) {
      for (const [at, sign] of Array.from(printed).entries()) {
        if (!/\d/.test(sign)) continue;
        const changed = `${printed.slice(0, at)}${(Number(sign) + 1) % 10}${printed.slice(at + 1)}`;

        expect(agrees(changed), changed).toBe(false);
      }
    }
  });
});

test('a form’s amounts, dates and numbers are read where they stand', () => {
  const answer = {
    开票日期: '2024年02月29日',
    购买方纳税人识别号: '91350100M000100Y44',
    明细: [{ 项目名称: '*餐饮*', 金额: '¥100.00', 单价: null }],
    价税合计大写: '壹佰零陆元整',
    备注: '2024',
  };
  expect(examine(templateFields('invoice', 'zh'), answer)).toEqual([
    {
      path: ['开票日期'],
      kind: 'date',
      printed: '2024年02月29日',
      normalised: '2024-02-29',
      currency: null,
      agrees: null,
    },
    {
      path: ['购买方纳税人识别号'],
      kind: 'credit-code',
      printed: '91350100M000100Y44',
      normalised: null,
      currency: null,
      agrees: false,
    },
    {
      path: ['明细', 0, '金额'],
      kind: 'amount',
      printed: '¥100.00',
      normalised: '100.00',
      currency: null,
      agrees: null,
    },
    {
      path: ['价税合计大写'],
      kind: 'amount',
      printed: '壹佰零陆元整',
      normalised: '106.00',
      currency: null,
      agrees: null,
    },
  ]);
  expect(examine(templateFields('invoice', 'en'), 'no answer')).toEqual([]);
});

test('values are parted from their boxes, which are in the picture’s pixels', () => {
  const said = {
    total: { value: '12.00', bbox_2d: [100, 200, 300, 250] },
    tax: { value: null, bbox_2d: null },
    lines: [{ value: 'a', bbox_2d: [900, 900, 1000, 1000] }],
    own: { value: { value: 1, bbox_2d: [1, 2, 3, 4] }, bbox_2d: [{ value: 5, bbox_2d: null }] },
  };
  const { value, boxes } = splitBoxes(said, { width: 2000, height: 1000 });
  expect(value).toEqual({ total: '12.00', tax: null, lines: ['a'], own: { value: 1, bbox_2d: [5] } });
  expect(boxes).toEqual([
    { path: ['total'], box: { left: 200, top: 200, right: 600, bottom: 250 } },
    { path: ['lines', 0], box: { left: 1800, top: 900, right: 2000, bottom: 1000 } },
    { path: ['own', 'value'], box: { left: 2, top: 2, right: 6, bottom: 4 } },
  ]);
});

describe('a table of many answers', () => {
  const bom = '\uFEFF';

  test('has one row each, with the fields under one another', () => {
    const csv = toCsv(
      [
        { no: 'A', lines: [{ x: 1 }], end: true },
        { no: null, lines: [{ x: 2 }, { x: 3 }] },
      ],
      { numberColumn: 'Image' },
    );
    expect(csv).toBe(
      `${bom}"Image","no","lines 1 x","lines 2 x","end"\r\n"1","A","1","","true"\r\n"2","","2","3",""\r\n`,
    );
  });

  test('holds no formula, whatever was printed, and no cell gets out of its place', () => {
    const hostile = ['=1+1', '+cmd', '-1+1', '@SUM(A1)', ' =A1', '\t=A1', '＝1', 'a"b', 'x\r\n=y', '1;2'];
    const csv = toCsv([Object.fromEntries(hostile.map((text, index) => [`=${index}`, text]))], {
      numberColumn: '#',
    });
    const cells =
      csv
        .slice(1)
        .trimEnd()
        .match(/"(?:[^"]|"")*"/g) ?? [];
    expect(cells.length).toBe(2 * (hostile.length + 1));
    expect(cells.filter((cell) => /^"\s*[=+\-@＝]/.test(cell))).toEqual([]);
    expect(cells.slice(-3)).toEqual(['"a""b"', '"x\r\n=y"', '"1;2"']);
  });

  test('leaves plain numbers as they are', () => {
    expect(
      readCsv(toCsv([{ a: 'two\r\nlines, "said"', b: null }, { a: '夜' }], { numberColumn: '#' })),
    ).toEqual([
      ['#', 'a', 'b'],
      ['1', 'two\r\nlines, "said"', ''],
      ['2', '夜', ''],
    ]);
    expect(toCsv([{ a: -12.5, b: '-3' }], { numberColumn: '#' })).toContain('"-12.5","-3"');
  });
});
