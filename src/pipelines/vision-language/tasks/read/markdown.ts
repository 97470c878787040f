/**
 * The model's answer to `qwenvl markdown`, read into a page tree: headings, paragraphs, lists, tables with bars, code,
 * quotes, bold and italic (CommonMark and GFM, as far as a page that was read has them). Links show their words and no
 * address; markup in it stays text. A comment with four numbers before a block is the block's box.
 */
import { pixelBox, type PixelBox, type Size } from '../grounding';
import { plainElement, type ElementName, type PageNode } from './page-tree';

const headings = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'] as const;

export function readMarkdown(answer: string, size: Size): readonly PageNode[] {
  const text = answer.replace(/^\s*```(?:markdown|md)\s*\n/, '').replace(/\n```\s*$/, '');
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const nodes: PageNode[] = [];
  let box: PixelBox | null = null;
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? '';
    const comment = /^\s*<!--(.*?)-->\s*$/.exec(line);
    if (comment) {
      const place = pixelBox(comment[1]?.match(/\d+(\.\d+)?/g)?.map(Number), size);
      if (/^\s*image/i.test(comment[1] ?? '')) nodes.push(plainElement('figure', [], place));
      else box = place;
      at += 1;
      continue;
    }
    if (line.trim() === '') {
      at += 1;
      continue;
    }
    const [node, next] = readBlock(lines, at, box);
    nodes.push(node);
    [at, box] = [next, null];
  }
  return nodes;
}

/** One block from line `at`, and the line after it. */
function readBlock(lines: readonly string[], at: number, box: PixelBox | null): [PageNode, number] {
  const line = lines[at] ?? '';
  const heading = /^ {0,3}(#{1,6})\s/.exec(line);
  if (heading) {
    const name = headings[(heading[1]?.length ?? 1) - 1] ?? 'h6';
    const words = line
      .slice(heading[0].length)
      .trim()
      .replace(/(?:^|\s)#+$/, '');
    return [plainElement(name, inline(words.trimEnd()), box), at + 1];
  }
  if (/^ {0,3}(?:-\s*){3,}$|^ {0,3}(?:\*\s*){3,}$/.test(line)) return [plainElement('hr', [], box), at + 1];
  const until = (ends: (line: string) => boolean): number => {
    let end = at + 1;
    while (end < lines.length && !ends(lines[end] ?? '')) end += 1;
    return end;
  };
  if (/^\s*```/.test(line)) {
    const end = until((each) => /^\s*```\s*$/.test(each));
    return [plainElement('pre', [lines.slice(at + 1, end).join('\n')], box), end + 1];
  }
  if (isRow(line) && isTableRule(lines[at + 1] ?? '')) {
    const end = until((each) => !isRow(each));
    const rows = lines.slice(at, end).filter((_, index) => index !== 1);
    return [
      plainElement(
        'table',
        rows.map((row, index) => tableRow(row, index === 0 ? 'th' : 'td')),
        box,
      ),
      end,
    ];
  }
  const item = /^\s*(?:[-*+]|(\d+)[.)])\s+/;
  const first = item.exec(line);
  if (first) {
    const end = until((each) => each.trim() === '' || !(item.test(each) || /^\s/.test(each)));
    const items: string[] = [];
    for (const each of lines.slice(at, end)) {
      if (item.test(each)) items.push(each.replace(item, ''));
      else items.push(`${items.pop() ?? ''} ${each.trim()}`);
    }
    const listed = items.map((each) => plainElement('li', inline(each)));
    return [plainElement(first[1] === undefined ? 'ul' : 'ol', listed, box), end];
  }
  if (/^\s*>/.test(line)) {
    const end = until((each) => !/^\s*>/.test(each));
    const quoted = lines.slice(at, end).map((each) => each.replace(/^\s*>\s?/, ''));
    return [plainElement('blockquote', inline(quoted.join('\n')), box), end];
  }
  const end = until(
    (each) => each.trim() === '' || /^\s*(?:#{1,6}\s|```|<!--|>)/.test(each) || item.test(each),
  );
  return [plainElement('p', inline(lines.slice(at, end).join('\n')), box), end];
}

function isRow(line: string): boolean {
  return line.includes('|') && line.trim() !== '';
}

function isTableRule(line: string): boolean {
  return isRow(line) && cellsOf(line).every((cell) => /^:?-+:?$/.test(cell));
}

function cellsOf(line: string): readonly string[] {
  const cells = line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/);
  return cells.map((cell) => cell.trim());
}

function tableRow(line: string, name: ElementName): PageNode {
  return plainElement(
    'tr',
    cellsOf(line).map((cell) => plainElement(name, inline(cell.replaceAll('\\|', '|')))),
  );
}

/** Bold, italic, struck out, code, and links without their address; line ends are kept. No search passes another `[`. */
function inline(text: string): PageNode[] {
  const pattern =
    /`([^`\n]+)`|\*\*(?=\S)([^]+?\S?)\*\*|~~(?=\S)([^]+?)~~|\*(?=\S)([^*\n]+?)\*|!?\[([^[\]\n]*)\]\([^)[\s]*(?:\s"[^"]*")?\)|(\n)/g;
  const nodes: PageNode[] = [];
  let at = 0;
  for (const found of text.matchAll(pattern)) {
    if (found.index > at) nodes.push(text.slice(at, found.index));
    const [, code, bold, struck, italic, words, lineEnd] = found;
    if (code !== undefined) nodes.push(plainElement('code', [code]));
    else if (bold !== undefined) nodes.push(plainElement('b', inline(bold)));
    else if (struck !== undefined) nodes.push(plainElement('s', inline(struck)));
    else if (italic !== undefined) nodes.push(plainElement('i', inline(italic)));
    else if (lineEnd !== undefined) nodes.push(plainElement('br', []));
    else if (words) nodes.push(words);
    at = found.index + found[0].length;
  }
  if (at < text.length) nodes.push(text.slice(at));
  return nodes;
}
