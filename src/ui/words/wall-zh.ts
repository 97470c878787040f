/** The Chinese of wall-en.ts. */
import type { wallEn } from './wall-en';

export const wallZh: typeof wallEn = {
  sealed: '已密封',
  sealing: '密封中',
  fetching: '正在获取',
  fetchingFrom: (hosts) =>
    `专为一个模型开的后台线程可以连到 ${hosts}，别处都连不到；取完即关闭。画图之前会先关掉它。`,
  elsewhere: (hosts) =>
    `本应用的另一个标签页有一个后台线程可以连到 ${hosts}。这个标签页连不到任何别的主机；在这里画图之前，会先请那边停下。`,
  open: '未密封',
  title: '此刻测得',
  wall: '密封',
  condition: {
    raising: '正在密封。密封之前不接收照片。',
    standing: '已密封。我们自己的守卫掌管着本页，本页也带着保护用的响应头。',
    'insecure-origin': '未密封：本页经由不加密的 http 打开。',
    'no-service-worker': '未密封：浏览器没有给本页 Service Worker，常见于无痕窗口或禁止了站点数据。',
    'hard-reload': '未密封：强制刷新绕过了它。',
    headers: '未密封：本页缺少保护用的响应头。',
    erased: '已不在：一切都已清除，连同它的文件。',
    gone: '未密封：本页打开期间守卫被移除，清除网站数据时会这样。',
  },
  mend: {
    raising: '',
    standing: '',
    'insecure-origin': '请用 https 打开，或在 localhost 上使用。',
    'no-service-worker': '请用新版浏览器的普通窗口打开，并允许本站保存数据。',
    'hard-reload': '不按 Shift，再刷新一次。',
    headers: '请刷新一次。',
    erased: '请关闭本站所有标签页，要用时再打开。',
    gone: '请先保存结果，再刷新本页。',
  },
  missing: '本页没有密封，因此不接收照片。',
  erasedElsewhere: '已从另一个标签页清除：这里的照片和成品也没有了。',
  device: '由谁来画',
  memory: '这个标签页里',
  memoryNow: (photos, unsaved) =>
    photos === 0 ? '没有照片。' : `共 ${photos} 项，${unsaved} 项未保存。关闭标签页即消失。`,
  kept: '这台设备上保存的',
  keptNow: (models, bytes) => `${models} 个模型（${bytes}），以及选过的主题和语言。其余的列在“保留”里。`,
  update: '新版本已就绪。',
  reload: '刷新',
};
