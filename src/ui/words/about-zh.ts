import type { aboutEn } from './about-en';

export const aboutZh: typeof aboutEn = {
  title: '关于 Obscura',
  lead: '自由软件，Apache-2.0 许可。自带的模型是我们自己从零训练的，里面没有别的模型的任何权重。本应用建立在这些作品之上：',
  gave: {
    'dct-net': '卡通化的方法，也是四种自带画风的老师。',
    yunet: '自带人脸检测的老师。',
    portraits: '两者训练用的人像。',
    large: '训练用的一张大照片。',
    other: '训练和测试用的其他图片。',
    runtime: '在这个浏览器里运行模型。',
    libraries: '页面、流式 SHA-256、跨线程调用、存储和 PDF 页面。',
  },
};
