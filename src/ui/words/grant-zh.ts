/** 从别处的主机获取模型之前要说的话。 */
import type { grantEn } from './grant-en';

export const grantZh: typeof grantEn = {
  title: (model) => `获取 ${model}`,
  size: '大小',
  from: '来自',
  sees: () =>
    '这里列出的主机会看到你的 IP 地址、浏览器的 User-Agent，以及要的是哪个文件。不带 Cookie，不带来源页，也不带你照片的任何内容。',
  reach:
    '只有专为这个文件开的后台线程能连到那里，下载一结束它就关闭；页面和引擎始终密封。每个字节都先核对再使用。',
  sizeLater: '下载时由主机说明',
  stated: '我们事先不知道这个文件的哈希值。首次下载时主机所说的会记下来，此后与之不同的文件一律拒绝。',
  agree: '接受许可并获取',
  refuse: '暂不',
};
