/** What is asked of the model to read a page. `qwenvl html` and `qwenvl markdown` are words it was trained on. */
export const readForms = ['plain', 'markdown', 'html', 'words'] as const;
export type ReadForm = (typeof readForms)[number];

const prompts: Readonly<Record<'en' | 'zh', Readonly<Record<ReadForm, string>>>> = {
  en: {
    plain:
      'Read all text in the picture, in reading order, line by line as it is printed. Answer with the text alone.',
    markdown: 'qwenvl markdown',
    html: 'qwenvl html',
    words:
      'Find every line of text in the picture. Answer with JSON alone: a list of objects with "bbox_2d" and "text_content".',
  },
  zh: {
    plain: '按阅读顺序逐行读出图片里的全部文字，照原样换行，只输出文字。',
    markdown: 'qwenvl markdown',
    html: 'qwenvl html',
    words: '找出图片里的每一行文字，只输出 JSON：一个列表，每项含 "bbox_2d" 和 "text_content"。',
  },
};

export function readPrompt(form: ReadForm, language: 'en' | 'zh'): string {
  return prompts[language][form];
}
