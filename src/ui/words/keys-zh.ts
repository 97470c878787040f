/** 快捷键一览。 */
import type { KeysWords } from './keys-en';

export const keysZh: KeysWords = {
  title: '快捷键',
  groups: [
    {
      title: '任何地方',
      keys: [
        ['?', '打开本表'],
        ['O', '选择照片'],
        ['Ctrl V', '粘贴照片'],
        ['Ctrl Enter', '卡通化'],
        ['Esc', '关闭弹出的窗口'],
      ],
    },
    {
      title: '看片台',
      keys: [
        ['0', '适合窗口'],
        ['1', '100%'],
        ['+ −', '缩放'],
        ['\\', '照片与对比切换'],
        ['空格', '按住看原照片'],
        ['← → Home End', '焦点在滑块上时移动滑块'],
      ],
    },
    {
      title: '底栏',
      keys: [
        ['J K', '下一张、上一张'],
        ['Ctrl S', '保存成品'],
        ['Delete', '删除焦点所在的一项'],
      ],
    },
  ],
};
