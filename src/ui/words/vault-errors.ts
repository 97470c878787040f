/** What a person reads when the vault refused or failed. */
import type { ErrorCode } from '../../base/errors';
import type { ErrorWords } from './errors-en';

type VaultWords = Readonly<Record<Extract<ErrorCode, `vault/${string}`>, ErrorWords>>;

const en: VaultWords = {
  'vault/locked': {
    happened: 'The vault is locked.',
    kept: 'What is kept is unchanged.',
    next: 'Unlock it with your passphrase.',
  },
  'vault/wrong-passphrase': {
    happened: 'This passphrase does not open it, or its header was altered.',
    kept: 'Nothing was opened and nothing changed.',
    next: 'Type it again; capital letters and spaces count.',
  },
  'vault/gone': {
    happened: 'This is no longer kept: it was deleted, or its time is over.',
    kept: 'Everything else is unchanged.',
    next: 'Nothing to do.',
  },
  'vault/damaged': {
    happened: 'Bytes are missing, moved or changed, so it was refused.',
    kept: 'Nothing of it was opened or taken in, and everything else is unchanged.',
    next: 'Use another copy if you exported one; More names the part.',
  },
  'vault/version': {
    happened: 'This was written by another version of Obscura.',
    kept: 'It was not opened, and nothing changed.',
    next: 'Reload the page to have the newest version.',
  },
  'vault/weakened': {
    happened: 'Its header asks for weaker protection than Obscura writes, so somebody altered it.',
    kept: 'Your passphrase was not tried on it, and nothing changed.',
    next: 'Do not use it; take another copy.',
  },
  'vault/not-a-vault': {
    happened: 'This is not a file of kept results.',
    kept: 'What you kept is unchanged.',
    next: 'Choose the .obscura file that Export wrote.',
  },
  'vault/full': {
    happened: 'There is no room left on this device to keep it.',
    kept: 'Nothing half-written was left, and all kept before is unchanged.',
    next: 'Delete something kept, remove a model, or save to disk instead.',
  },
  'vault/failed': {
    happened: 'The vault could not do that.',
    kept: 'What was kept before is unchanged.',
    next: 'Try again; if it fails, save the result to disk.',
  },
};

const zh: VaultWords = {
  'vault/locked': { happened: '保险库锁着。', kept: '保留的东西没有变动。', next: '请用口令解锁。' },
  'vault/wrong-passphrase': {
    happened: '这个口令打不开，或者它的文件头被改过。',
    kept: '什么都没有打开，也没有变动。',
    next: '请再输一遍，大小写和空格都算。',
  },
  'vault/gone': {
    happened: '它已经不在了：被删除，或者到期。',
    kept: '其他的没有变动。',
    next: '不用做什么。',
  },
  'vault/damaged': {
    happened: '有字节缺失、错位或被改动，因此拒绝打开。',
    kept: '没有打开或收下其中任何内容，其他的没有变动。',
    next: '如果导出过，请用另一份；“详情”里有出错的部分。',
  },
  'vault/version': {
    happened: '它是另一个版本的 Obscura 写的。',
    kept: '没有打开，什么都没有变动。',
    next: '请刷新页面，换用最新版本。',
  },
  'vault/weakened': {
    happened: '它的文件头要求的保护比 Obscura 写的更弱，说明被人改过。',
    kept: '没有拿你的口令去试，什么都没有变动。',
    next: '不要用它，换一份。',
  },
  'vault/not-a-vault': {
    happened: '这不是保留成品的文件。',
    kept: '你保留的东西没有变动。',
    next: '请选“导出”写出的 .obscura 文件。',
  },
  'vault/full': {
    happened: '这台设备没有空间保留它了。',
    kept: '没有留下写了一半的东西，之前保留的没有变动。',
    next: '删掉一些保留的成品或模型，或者改为保存到磁盘。',
  },
  'vault/failed': {
    happened: '保险库没能做成。',
    kept: '之前保留的没有变动。',
    next: '请再试一次；还不行，就把成品保存到磁盘。',
  },
};

export const vaultErrors = { en, zh };
