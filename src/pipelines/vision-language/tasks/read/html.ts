/**
 * The model's answer to `qwenvl html`, read into a page tree. It is text by a stranger (a picture may say anything): tags
 * that are not known lose their name and keep their words, those that hold programs or styles are left out with all in
 * them, and of attributes only a box and a cell's spans are looked at. May be called on half an answer.
 */
import { pixelBox, type PixelBox, type Size } from '../grounding';
import { elementNames, type ElementName, type PageElement, type PageNode } from './page-tree';

const known = new Map<string, ElementName>([
  ...elementNames.map((name) => [name, name] as const),
  ...([
    ['strong', 'b'],
    ['em', 'i'],
    ['del', 's'],
    ['strike', 's'],
    ['section', 'div'],
    ['article', 'div'],
  ] as const),
]);
const leftOut = new Set([
  ...['script', 'style', 'title', 'head', 'template', 'noscript', 'iframe', 'object', 'embed', 'svg', 'math'],
  ...['textarea', 'select', 'noembed', 'noframes', 'xmp', 'plaintext', 'audio', 'video', 'canvas'],
]);
/** An element that ends where one of these begins: HTML (WHATWG), 13.1.2.4. */
const endedBy: Partial<Record<ElementName, readonly ElementName[]>> = {
  p: [
    'p',
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'ul',
    'ol',
    'table',
    'div',
    'blockquote',
    'pre',
    'hr',
    'figure',
  ],
  li: ['li'],
  td: ['td', 'th', 'tr', 'tbody', 'tfoot'],
  th: ['td', 'th', 'tr', 'tbody', 'tfoot'],
  tr: ['tr', 'tbody', 'tfoot'],
  thead: ['tbody', 'tfoot'],
  tbody: ['tbody', 'tfoot'],
};
const mostDepth = 64;
const mostSpan = 100;
const entities: Readonly<Record<string, string>> = {
  ...{
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    nbsp: '\u00a0',
    copy: '©',
    reg: '®',
    euro: '€',
    pound: '£',
  },
  ...{
    yen: '¥',
    deg: '°',
    times: '×',
    ndash: '–',
    mdash: '—',
    hellip: '…',
    bull: '•',
    middot: '·',
    sect: '§',
  },
};

interface OpenElement {
  readonly name: ElementName;
  readonly children: PageNode[];
  readonly box: PixelBox | null;
  readonly columns: number;
  readonly rows: number;
}

export function readHtml(answer: string, size: Size): readonly PageNode[] {
  const text = answer.replace(/^\s*```(?:html)?\s*\n/, '').replace(/\n```\s*$/, '');
  const top: PageNode[] = [];
  const open: OpenElement[] = [];
  const add = (node: PageNode) => (open.at(-1)?.children ?? top).push(node);
  const close = () => {
    const element = open.pop();
    if (element) add(element satisfies PageElement);
  };
  for (let at = 0; at < text.length;) {
    const next = text.indexOf('<', at);
    const words = decodeEntities(text.slice(at, next === -1 ? text.length : next));
    if (words.trim() !== '' || (words !== '' && open.at(-1)?.name === 'pre')) add(words);
    if (next === -1) break;
    const end = markEnd(text, next);
    if (end === -1) {
      // "a < b" is words; a tag that has only begun will be whole later.
      if (/^<[a-z/!?]/i.test(text.slice(next))) break;
      add('<');
      at = next + 1;
      continue;
    }
    const mark = readMark(text.slice(next, end));
    at = end;
    if (!mark) continue;
    if (leftOut.has(mark.name)) {
      if (!mark.isEnd && !mark.isWhole) at = pastElement(text, at, mark.name);
      continue;
    }
    const name = known.get(mark.name);
    if (name === undefined) continue;
    if (mark.isEnd) {
      if (open.some((each) => each.name === name)) while (open.at(-1)?.name !== name) close();
      if (open.at(-1)?.name === name) close();
      continue;
    }
    while (endedBy[open.at(-1)?.name ?? 'br']?.includes(name)) close();
    const element = { name, children: [], ...attributesOf(mark.attributes, size) };
    if (name === 'br' || name === 'hr' || open.length >= mostDepth) add(element);
    else open.push(element);
  }
  while (open.length > 0) close();
  return top;
}

/** After the mark that begins at `at`; −1 where it does not end, or is none. Quotes may hold `>`. */
function markEnd(text: string, at: number): number {
  if (text.startsWith('<!--', at)) {
    const end = text.indexOf('-->', at + 4);
    return end === -1 ? -1 : end + 3;
  }
  if (!/[a-z/!?]/i.test(text[at + 1] ?? '')) return -1;
  let quote = '';
  for (let i = at + 1; i < text.length; i++) {
    const letter = text[i] ?? '';
    if (quote !== '') quote = letter === quote ? '' : quote;
    else if (letter === '>') return i + 1;
    else if (letter === '"' || letter === "'") quote = letter;
  }
  return -1;
}

interface Mark {
  readonly name: string;
  readonly isEnd: boolean;
  readonly isWhole: boolean;
  readonly attributes: string;
}

/** Null for comments and declarations. */
function readMark(text: string): Mark | null {
  const found = /^<(\/?)([a-z][a-z0-9-]*)([^]*?)(\/?)>$/i.exec(text);
  if (!found) return null;
  const [, slash, name = '', attributes = '', whole] = found;
  return { name: name.toLowerCase(), isEnd: slash === '/', isWhole: whole === '/', attributes };
}

/** Nothing inside is looked at, not even marks. */
function pastElement(text: string, at: number, name: string): number {
  const end = text.toLowerCase().indexOf(`</${name}`, at);
  if (end === -1) return text.length;
  const after = text.indexOf('>', end);
  return after === -1 ? text.length : after + 1;
}

function attributesOf(text: string, size: Size): Pick<PageElement, 'box' | 'columns' | 'rows'> {
  const value = (name: string): string | null => {
    const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(text);
    return found ? (found[1] ?? found[2] ?? found[3] ?? '') : null;
  };
  const numbers = value('data-bbox')
    ?.match(/\d+(\.\d+)?/g)
    ?.map(Number);
  const span = (name: string) => Math.min(mostSpan, Math.max(1, Math.trunc(Number(value(name))) || 1));
  return { box: pixelBox(numbers, size), columns: span('colspan'), rows: span('rowspan') };
}

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi,
    (whole, hex: string, decimal: string, name: string) => {
      if (name) return Object.hasOwn(entities, name) ? (entities[name] ?? whole) : whole;
      const code = hex ? parseInt(hex, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
        ? String.fromCodePoint(code)
        : '\ufffd';
    },
  );
}
