/** Amounts as they are printed, and those that could be two. */
import { expect, test } from 'vitest';
import { readAmount } from './amounts';

test.each([
  ['$1,234.56', '1234.56', null],
  ['US$ 1,234.56', '1234.56', 'USD'],
  ['$12 USD', '12', 'USD'],
  ['1.234,56 €', '1234.56', 'EUR'],
  ['EUR 1 234,56', '1234.56', 'EUR'],
  ["CHF 1'234.50", '1234.50', 'CHF'],
  ['1,234.567', '1234.567', null],
  ['1.234.567', '1234567', null],
  ['1 234,567', '1234.567', null],
  ['12,5', '12.5', null],
  ['(99.00)', '-99.00', null],
  ['-€5.00', '-5.00', 'EUR'],
  ['12.00-', '-12.00', null],
  ['１２３．４５', '123.45', null],
  ['007', '7', null],
])('%s is %s %s', (printed, value, currency) => {
  expect(readAmount(printed)).toEqual({ value, currency });
});

test.each([
  '',
  'free',
  '1,23,456',
  '1,234,56',
  '1.2.3',
  '(12',
  '12)',
  '1 23',
  '一二',
  '12 items',
  '元',
  '1'.repeat(65),
])('%s is none', (printed) => {
  expect(readAmount(printed)).toBeNull();
});

/** 1.859 is what a litre of petrol costs in Berlin, and what a flat there costs. */
test.each([
  '1.859',
  '1,859',
  '1.859 €',
  '€1,859',
  '12.345',
  '$1,234',
  'USD 123.456',
  '£1.859',
  '1.859元',
  '-1,234',
])('%s is a fraction or thousands', (printed) => {
  expect(readAmount(printed)).toBeNull();
});

test.each([
  ['0.125', '0.125', null],
  ['01.859', '1.859', null],
  ['1234.567', '1234.567', null],
  ['1.8590', '1.8590', null],
  ['¥1,234', '1234', null],
  ['12,000円', '12000', 'JPY'],
  ['1,234元', '1234', null],
  ['£1,234', '1234', 'GBP'],
])('%s has three digits after one separator, and is %s %s', (printed, value, currency) => {
  expect(readAmount(printed)).toEqual({ value, currency });
});

test.each(['12€50', '1€234', '5元20', 'EUR 5 USD', '€5 £'])(
  '%s has a sign too many, or within',
  (printed) => {
    expect(readAmount(printed)).toBeNull();
  },
);

test.each([
  ['100元', '100', null],
  ['100圆', '100', null],
  ['1,234.50圓', '1234.50', null],
  ['¥100', '100', null],
  ['¥1,234.00元', '1234.00', 'CNY'],
  ['人民币100元', '100', 'CNY'],
  ['人民幣100圓', '100', 'CNY'],
  ['100元 RMB', '100', 'CNY'],
  ['HK$100元', '100', 'HKD'],
  ['港币100元', '100', 'HKD'],
  ['NT$100', '100', 'TWD'],
  ['新臺幣壹仟貳佰參拾肆圓整', '1234.00', 'TWD'],
  ['壹仟贰佰叁拾肆元伍角陆分', '1234.56', null],
  ['壹萬貳仟圓整', '12000.00', null],
  ['人民币壹万零伍佰元整', '10500.00', 'CNY'],
  ['叁亿贰仟万元整', '320000000.00', null],
  ['拾元零伍分', '10.05', null],
  ['伍角', '0.50', null],
  ['零元', '0.00', null],
  ['負伍元', '-5.00', null],
  ['一百一十五元', '115.00', null],
  ['一百零五元', '105.00', null],
  ['一百十五元', '115.00', null],
  ['壹万零伍元', '10005.00', null],
  ['一万五千元', '15000.00', null],
  ['玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分', '999999999999.99', null],
])('%s is %s, of %s', (printed, value, currency) => {
  expect(readAmount(printed)).toEqual({ value, currency });
});

test.each([
  '一万五元',
  '一百五元',
  '一百五万元',
  '一二元',
  '二〇二四元',
  '万元',
  '千元',
  '五十百元',
  '一万二万元',
  '美元',
  '百美元',
  '一万亿元',
])('%s is no one number', (printed) => {
  expect(readAmount(printed)).toBeNull();
});
