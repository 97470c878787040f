/** The words of `#/kept`, which come with that room. */
import type { Retention, RetentionLimit } from '../../privacy/retention';

type Limits = Record<Exclude<RetentionLimit, 'until-deleted'>, string>;

/** Of the kinds that are not plain text. */
const texts: Readonly<Record<'en' | 'zh', Readonly<Record<string, string>>>> = {
  en: {
    'application/json': 'Fields (JSON)',
    'text/csv': 'Table (CSV)',
    'text/markdown': 'Page (Markdown)',
    'text/html': 'Page (HTML)',
  },
  zh: {
    'application/json': '字段（JSON）',
    'text/csv': '表格（CSV）',
    'text/markdown': '页面（Markdown）',
    'text/html': '页面（HTML）',
  },
};

const en = {
  title: 'Kept',
  lead: 'Results that you chose to keep, encrypted on this device under your passphrase. Nothing comes here by itself.',
  passphrase: 'Passphrase',
  again: 'The same passphrase again',
  show: 'Show what I type',
  set: {
    title: 'Set a passphrase first',
    body: 'A passphrase locks everything you keep here. Nobody can recover it: not us, not the browser, not the host of this page. Without it, what you kept is lost.',
    hint: (least: number) =>
      `At least ${least} characters. Several words that do not belong together are stronger than one odd word.`,
    short: (least: number) => `It needs at least ${least} characters.`,
    differ: 'The two are not the same.',
    button: 'Set passphrase',
  },
  locked: {
    title: 'Locked',
    body: (items: number, bytes: string) =>
      items === 1 ? `1 result, ${bytes}, encrypted.` : `${items} results, ${bytes}, encrypted.`,
    button: 'Unlock',
    forgot: 'Forgotten? Then nothing here can be opened again; all that can be done is to delete it.',
  },
  working: 'Working',
  waiting: 'Waiting to hear from this site’s host what may be kept.',
  lock: 'Lock',
  lockHint: 'It locks by itself after five minutes without use.',
  export: 'Export',
  exported: 'Exported. The file opens under the passphrase of this vault only.',
  import: 'Import',
  importTitle: 'Import kept results',
  importBody:
    'The passphrase is the one the file was exported under. Every byte is checked before anything is kept.',
  imported: (count: number) =>
    count === 0
      ? 'Everything in the file is here already, or its time is over.'
      : count === 1
        ? '1 result imported.'
        : `${count} results imported.`,
  deleteAll: 'Delete all',
  deleteAllTitle: 'Delete everything kept here?',
  deleteAllBody: 'The keys are destroyed first, then the results. A new passphrase can be set after.',
  deleteTitle: 'Delete this result?',
  deleteBody: 'Its key is destroyed first, then the result. It cannot be brought back.',
  delete: 'Delete',
  keepThem: 'Keep',
  none: 'Nothing is kept yet. Press Keep beside a finished picture or answer.',
  list: 'Kept results',
  item: (time: string) => `Kept ${time}`,
  open: 'Open',
  save: 'Save',
  saved: 'Saved, without metadata.',
  savedText: 'Saved.',
  textKind: (type: string) => texts.en[type] ?? 'Text',
  asked: 'What was asked for',
  retention: {
    'until-deleted': 'Until I delete it',
    session: 'This session',
    day: '24 hours',
    month: '30 days',
  } satisfies Record<Retention, string> as Record<Retention, string>,
  retentionLabel: 'Keep for',
  limits: {
    nothing: 'Whoever runs this host lets nothing be kept here. What was kept is deleted when a page opens.',
    session: 'Whoever runs this host lets results be kept for this session only.',
    day: 'Whoever runs this host lets results be kept for at most 24 hours.',
    month: 'Whoever runs this host lets results be kept for at most 30 days.',
  } satisfies Limits,
  retentionHint: 'A session lasts until the last tab of Obscura is closed or reloaded.',
  over: (time: string) => `Deleted ${time}`,
  damaged: 'Damaged: it cannot be opened, only deleted.',
  record: 'Record of this result',
  keep: {
    title: 'Keep this result',
    withAsked: 'What was asked for is kept with it, encrypted like the result.',
    done: 'Kept, encrypted. It is under Kept.',
    button: 'Keep',
    unlock: 'Unlock and keep',
    set: 'Set passphrase and keep',
  },
};

const zh: typeof en = {
  title: '保留',
  lead: '这里是你选择保留的成品，用你的口令加密，存在这台设备上。没有什么会自己进来。',
  passphrase: '口令',
  again: '再输一遍口令',
  show: '显示输入的内容',
  set: {
    title: '先设一个口令',
    body: '口令锁住你保留在这里的一切。谁也找不回它：我们不能，浏览器不能，本页的主机也不能。没有它，保留的东西就没了。',
    hint: (least) => `至少 ${least} 个字符。几个互不相干的词，比一个古怪的词更牢。`,
    short: (least) => `至少要 ${least} 个字符。`,
    differ: '两次输入不一样。',
    button: '设定口令',
  },
  locked: {
    title: '已锁定',
    body: (items, bytes) => `${items} 件成品，${bytes}，已加密。`,
    button: '解锁',
    forgot: '忘了口令？那么这里的东西再也打不开，只能删除。',
  },
  working: '正在处理',
  waiting: '正在等待本站点的主机告知允许保留什么。',
  lock: '锁定',
  lockHint: '五分钟不用，会自己锁上。',
  export: '导出',
  exported: '已导出。这个文件只认这个保险库的口令。',
  import: '导入',
  importTitle: '导入保留的成品',
  importBody: '请输入导出这个文件时的口令。每个字节都核对过，才会保留。',
  imported: (count) => (count === 0 ? '文件里的东西这里都有了，或者已经到期。' : `已导入 ${count} 件成品。`),
  deleteAll: '全部删除',
  deleteAllTitle: '删除保留在这里的一切？',
  deleteAllBody: '先销毁密钥，再删除成品。之后可以设新口令。',
  deleteTitle: '删除这件成品？',
  deleteBody: '先销毁它的密钥，再删除成品，无法恢复。',
  delete: '删除',
  keepThem: '留着',
  none: '还没有保留任何成品。有了图片或回答后，按旁边的“保留”。',
  list: '保留的成品',
  item: (time) => `${time} 保留`,
  open: '打开',
  save: '保存',
  saved: '已保存，不含元数据。',
  savedText: '已保存。',
  textKind: (type) => texts.zh[type] ?? '文本',
  asked: '当时的要求',
  retention: { 'until-deleted': '直到我删除', session: '这一次', day: '24 小时', month: '30 天' },
  retentionLabel: '保留多久',
  limits: {
    nothing: '本站点的运营者不允许在这里保留任何东西；以前保留的会在打开网页时删除。',
    session: '本站点的运营者只允许把成品保留到这一次结束。',
    day: '本站点的运营者最多允许把成品保留 24 小时。',
    month: '本站点的运营者最多允许把成品保留 30 天。',
  },
  retentionHint: '“这一次”到最后一个 Obscura 标签页关闭或刷新为止。',
  over: (time) => `${time} 删除`,
  damaged: '已损坏：打不开，只能删除。',
  record: '这个成品的测量记录',
  keep: {
    title: '保留这件成品',
    withAsked: '当时的要求一起保留，同样加密。',
    done: '已加密保留，在“保留”里。',
    button: '保留',
    unlock: '解锁并保留',
    set: '设定口令并保留',
  },
};

export const words = { en, zh };
