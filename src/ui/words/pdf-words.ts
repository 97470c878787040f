/** The words of the choice of pages, which come with `#/ask`. */
const en = {
  title: 'Pages of the PDF',
  opening: 'Opening',
  pages: 'Pages',
  pagesHint: (count: number) => `Of ${count}. For example 1-3, 8.`,
  wrong: (count: number, most: number) => `Pages 1 to ${count}, ${most} at once at most, as 1-3, 8.`,
  all: 'All',
  none: 'None',
  page: (number: number) => `Page ${number}`,
  notDrawn: 'Cannot be drawn',
  further: (shown: number) => `The first ${shown} are shown. Choose others by their numbers.`,
  add: (count: number) => (count === 1 ? 'Add one page' : `Add ${count} pages`),
  drawing: (done: number, count: number) => `Page ${done} of ${count}`,
  locked: 'This PDF is locked with a password. It is used here and kept nowhere.',
  password: 'Password',
  unlock: 'Open',
  safe: 'It is read by a thread that can reach no address. Programs in it are not run, and links not followed.',
};

const zh: typeof en = {
  title: 'PDF 的页面',
  opening: '正在打开',
  pages: '页码',
  pagesHint: (count) => `共 ${count} 页。例如 1-3, 8。`,
  wrong: (count, most) => `页码 1 到 ${count}，一次至多 ${most} 页，写作 1-3, 8。`,
  all: '全选',
  none: '全不选',
  page: (number) => `第 ${number} 页`,
  notDrawn: '画不出来',
  further: (shown) => `显示的是前 ${shown} 页，其余的请按页码选。`,
  add: (count) => `加入 ${count} 页`,
  drawing: (done, count) => `第 ${done} 页，共 ${count} 页`,
  locked: '这份 PDF 有密码。密码只在这里使用，不会保存。',
  password: '密码',
  unlock: '打开',
  safe: '读它的线程到不了任何地址；里面的程序不会运行，链接不会打开。',
};

export const words = { en, zh };
