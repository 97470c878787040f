/**
 * A page that was read, as a small tree of our own: nothing of what the model wrote is ever put into a document as markup.
 * An element has no attributes but the ones named here, so there is no address, no style and no script in it.
 */
import type { PixelBox } from '../grounding';

export const elementNames = [
  ...(['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p', 'blockquote', 'pre', 'div', 'figure', 'figcaption'] as const),
  ...(['ul', 'ol', 'li', 'table', 'caption', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td'] as const),
  ...(['b', 'i', 'u', 's', 'sub', 'sup', 'code', 'br', 'hr'] as const),
] as const;
export type ElementName = (typeof elementNames)[number];

export interface PageElement {
  readonly name: ElementName;
  readonly children: readonly PageNode[];
  /** Where it stands in the picture. */
  readonly box: PixelBox | null;
  /** Of a cell: how many columns and rows it takes, 1…100. */
  readonly columns: number;
  readonly rows: number;
}

/** Text is text, whatever it looks like. */
export type PageNode = string | PageElement;

/** Without places: Markdown's own. */
export function plainElement(
  name: ElementName,
  children: readonly PageNode[],
  box: PixelBox | null = null,
): PageElement {
  return { name, children, box, columns: 1, rows: 1 };
}

/** As a file of HTML, every letter of it written by us. */
export function writeHtml(nodes: readonly PageNode[]): string {
  return nodes.map((node) => (typeof node === 'string' ? escapeHtml(node) : writeElement(node))).join('');
}

function writeElement({ name, children, columns, rows }: PageElement): string {
  if (name === 'br' || name === 'hr') return `<${name}>`;
  const spans = `${columns > 1 ? ` colspan="${columns}"` : ''}${rows > 1 ? ` rowspan="${rows}"` : ''}`;
  return `<${name}${spans}>${writeHtml(children)}</${name}>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
