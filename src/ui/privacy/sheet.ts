/** A page of text and tables as one HTML file that asks for nothing and runs nothing; every text in it is escaped. */

export interface SheetPart {
  readonly title: string;
  readonly text: readonly string[];
  readonly table?: { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };
}

interface Sheet {
  readonly language: string;
  readonly title: string;
  readonly lead: string;
  readonly parts: readonly SheetPart[];
}

const style = `:root{color-scheme:light dark}
body{max-width:60rem;margin:2rem auto;padding:0 1rem;font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.6rem}h2{margin-top:2rem;font-size:1.1rem}
table{width:100%;border-collapse:collapse;font-size:13px}
th,td{padding:4px 12px 4px 0;border-bottom:1px solid #8884;text-align:start;vertical-align:top;overflow-wrap:anywhere}
@media print{body{margin:0;font-size:11px}tr{break-inside:avoid}}`;

export function sheetFile({ language, title, lead, parts }: Sheet): Blob {
  const body = [`<h1>${escaped(title)}</h1>`, paragraph(lead), ...parts.map(partText)].join('\n');
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>`;
  const page = `<!doctype html>\n<html lang="${escaped(language)}">\n<head>${head}<style>${style}</style></head>\n<body>\n${body}\n</body>\n</html>\n`;
  return new Blob([page], { type: 'text/html' });
}

function partText({ title, text, table }: SheetPart): string {
  const rows = (cells: readonly (readonly string[])[], tag: 'td' | 'th') =>
    cells
      .map((row) => `<tr>${row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`)
      .join('\n');
  const drawn = table ? `<table>\n${rows([table.columns], 'th')}\n${rows(table.rows, 'td')}\n</table>` : '';
  return [`<h2>${escaped(title)}</h2>`, ...text.map(paragraph), drawn].join('\n');
}

function paragraph(text: string): string {
  return `<p>${escaped(text)}</p>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
