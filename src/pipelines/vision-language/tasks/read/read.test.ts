/** Pages that were read: what they become, and what a hostile one does not. */
import { describe, expect, test } from 'vitest';
import { compileSchema } from '../../grammar/schema';
import { readHtml } from './html';
import { readMarkdown } from './markdown';
import { elementNames, writeHtml, type PageNode } from './page-tree';
import { readForms, readPrompt } from './prompt';
import { readWords, wordsSchema } from './words';

const size = { width: 2000, height: 1000 };
const html = (text: string) => writeHtml(readHtml(text, size));
const markdown = (text: string) => writeHtml(readMarkdown(text, size));

describe('HTML', () => {
  test.each([
    ['<h1 data-bbox="1 2 3 4">A &amp; B</h1><p>x<br/>y', '<h1>A &amp; B</h1><p>x<br>y</p>'],
    ['<html><body><div class="x">a<strong>b</strong></div></body></html>', '<div>a<b>b</b></div>'],
    [
      '<table><tr><td>1<td colspan=2>2<tr><th>3</table>',
      '<table><tr><td>1</td><td colspan="2">2</td></tr><tr><th>3</th></tr></table>',
    ],
    ['<ul><li>a<li>b</ul>c', '<ul><li>a</li><li>b</li></ul>c'],
    ['```html\n<p>a</p>\n```', '<p>a</p>'],
    ['1 < 2 and 3 > 2', '1 &lt; 2 and 3 &gt; 2'],
    ['<p>a</div></p></p>b', '<p>a</p>b'],
    ['<pre>a\n  b</pre>', '<pre>a\n  b</pre>'],
    ['&#65;&#x42;&unknown;&#xD800;', 'AB&amp;unknown;\ufffd'],
    ['<script>if (a < b) alert("</p>")</script >x<STYLE>p{}</STYLE><svg><p>y</p></svg>z', 'xz'],
    ['half <p>done <b>bo', 'half <p>done <b>bo</b></p>'],
    ['half <p>done <b cl', 'half <p>done </p>'],
  ])('%j', (given, wanted) => {
    expect(html(given)).toBe(wanted);
  });

  test('boxes are in the picture’s pixels, and spans are bounded', () => {
    const [heading, cell] = readHtml(
      '<h2 data-bbox="100 200 500 1200">a</h2><td rowspan="1000000">b</td>',
      size,
    );
    expect(heading).toMatchObject({ box: { left: 200, top: 200, right: 1000, bottom: 1000 } });
    expect(cell).toMatchObject({ box: null, rows: 100, columns: 1 });
  });

  test.each([
    '<script>alert(1)</script>',
    '<SCRIPT/x>alert(1)</SCRIPT >',
    '<img src=x onerror=alert(1)>',
    '<p onclick="alert(1)" style="x:expression(1)">a</p>',
    '<a href="javascript:alert(1)">a</a>',
    '<svg><script>alert(1)</script></svg>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<style>@import "//evil"</style>',
    '<math><mtext></p><style><img src=x onerror=alert(1)></style></math>',
    '<p title="--><script>alert(1)</script>">a</p>',
    '<!--><script>alert(1)</script>-->',
    '<scr<script>ipt>alert(1)</scr</script>ipt>',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
    '<td colspan="1&quot; onload=alert(1)">x</td>',
    '<template><p>a</template><object data=x></object><meta http-equiv=refresh content="0;url=//evil"><base href=//evil>',
    '<p>\u0000<\u0000script>alert(1)</script>',
  ])('%j leaves only elements of the list, with no attribute', (given) => {
    const written = html(given);
    const marks = written.match(/<[^>]*>?/g) ?? [];
    const allowed = new RegExp(`^</?(${elementNames.join('|')})( (col|row)span="\\d+")*>$`);
    expect(marks.filter((mark) => !allowed.test(mark))).toEqual([]);
  });

  test('a very deep and a very long page are read in no time, and stay shallow', () => {
    const begun = performance.now();
    const deep = readHtml('<div>'.repeat(50_000), size);
    readHtml('<p '.repeat(50_000), size);
    readHtml('<!--'.repeat(50_000), size);
    expect(performance.now() - begun).toBeLessThan(3000);
    const depthOf = (nodes: readonly PageNode[]): number =>
      Math.max(
        0,
        ...nodes.slice(0, 3).map((node) => (typeof node === 'string' ? 0 : 1 + depthOf(node.children))),
      );
    expect(depthOf(deep)).toBeLessThan(70);
  });
});

describe('Markdown', () => {
  test.each([
    [
      '# A *b*\ntext\nmore\n\n- one\n- two\n  three\n\n1. x',
      '<h1>A <i>b</i></h1><p>text<br>more</p><ul><li>one</li><li>two three</li></ul><ol><li>x</li></ol>',
    ],
    [
      '| a | b |\n|---|:-:|\n| **1** | x\\|y |',
      '<table><tr><th>a</th><th>b</th></tr><tr><td><b>1</b></td><td>x|y</td></tr></table>',
    ],
    ['a | b\n-- | --:\n1 | 2', '<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>'],
    ['a | b\n|:|-|', '<p>a | b<br>|:|-|</p>'],
    ['## About C# ##\n# #', '<h2>About C#</h2><h1></h1>'],
    ['```\n<b>x</b>\n```\nafter', '<pre>&lt;b&gt;x&lt;/b&gt;</pre><p>after</p>'],
    ['> said\n> twice', '<blockquote>said<br>twice</blockquote>'],
    ['a [link](https://evil.example) and ![pic](x.png) `c`', '<p>a link and pic <code>c</code></p>'],
    ['<script>alert(1)</script>', '<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>'],
    ['a | b', '<p>a | b</p>'],
    ['2 * 3 * 4', '<p>2 * 3 * 4</p>'],
    ['---', '<hr>'],
  ])('%j', (given, wanted) => {
    expect(markdown(given)).toBe(wanted);
  });

  test.each([
    ['dashes under a row', 'a | b\n|' + '-'.repeat(100_000) + 'x'],
    ['dashes and bars under a row', 'a | b\n' + '-|'.repeat(50_000) + 'x'],
    ['spaces under a row', 'a | b\n|-' + ' '.repeat(100_000) + 'x'],
    ['spaces before the bar', 'a | b\n' + ' '.repeat(100_000) + '|x'],
    ['dashes', '-'.repeat(100_000) + 'x'],
    ['dashes and spaces', '- '.repeat(50_000) + 'x'],
    ['a heading’s spaces', '# a' + ' '.repeat(100_000) + 'b'],
    ['a heading’s marks', '# a ' + '#'.repeat(100_000) + 'b'],
    ['open brackets', '['.repeat(100_000)],
    ['half links', '[a](x'.repeat(20_000)],
  ])('a long run of %s is read in no time', (_, given) => {
    const begun = performance.now();
    markdown(given);
    expect(performance.now() - begun).toBeLessThan(700);
  });

  test('a comment before a block is its box, and a picture in the page has one of its own', () => {
    const [table, figure] = readMarkdown(
      '<!-- 100,100,200,200 -->\n# A\n<!-- Image (0, 0, 500, 500) -->',
      size,
    );
    expect(table).toMatchObject({ name: 'h1', box: { left: 200, top: 100, right: 400, bottom: 200 } });
    expect(figure).toMatchObject({ name: 'figure', box: { left: 0, top: 0, right: 1000, bottom: 500 } });
  });
});

describe('words', () => {
  const answer =
    '[{"bbox_2d": [0, 0, 500, 100], "text_content": "a {\\"b\\"}"}, {"bbox_2d": [500, 0, 1000, 100], "text_content": "c"}]';

  test('come with their boxes, and as many as are whole while it is written', () => {
    const all = readWords(answer, size);
    expect(all).toEqual([
      { text: 'a {"b"}', box: { left: 0, top: 0, right: 1000, bottom: 100 } },
      { text: 'c', box: { left: 1000, top: 0, right: 2000, bottom: 100 } },
    ]);
    const counts = Array.from(answer, (_, end) => readWords(answer.slice(0, end + 1), size).length);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(new Set(counts)).toEqual(new Set([0, 1, 2]));
    expect(readWords('```json\n[{"bbox_2d": [1, 2, 3], "text_content": "x"}]', size)).toEqual([]);
  });

  test('are of a schema that the grammar takes', () => {
    const { expressions, whole } = compileSchema(wordsSchema);
    let state = whole;
    for (const byte of new TextEncoder().encode(answer)) state = expressions.after(state, byte);
    expect(state).toBe(expressions.empty);
  });
});

test('every form is asked for in both languages', () => {
  for (const form of readForms)
    for (const language of ['en', 'zh'] as const) expect(readPrompt(form, language)).not.toBe('');
});
