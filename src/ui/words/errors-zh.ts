/** 出错时给人看的话：发生了什么，保住了什么，下一步做什么。 */
import type { ErrorCode } from '../../base/errors';
import type { ErrorWords } from './errors-en';
import { vaultErrors } from './vault-errors';

const untouched = '其他照片和成品都不受影响。';
const photoHere = '照片还在。';
const inputHere = '您交给它的内容还在。';
const chatHere = '你的问题、图片和回答都还在。';
const schemaHere = 'JSON Schema 和图片都还在。';
const shelfSame = '已有的模型没有变动。';

export const errorsZh: Record<ErrorCode, ErrorWords> = {
  'file/gone': {
    happened: '这个文件读不到了。',
    kept: '这里的其他内容都不受影响。',
    next: '它可能被移动或改动过，请重新选择。',
  },
  'image/empty': { happened: '这个文件是空的。', kept: untouched, next: '换一份完整的再选。' },
  'image/not-an-image': {
    happened: '这不是图片，只是名字像图片。',
    kept: untouched,
    next: '请选 JPEG、PNG、WebP、AVIF 或 GIF。',
  },
  'image/unreadable': {
    happened: '浏览器读不了这张图片。',
    kept: untouched,
    next: '用别的软件另存为 JPEG 或 PNG 再选。',
  },
  'image/truncated': {
    happened: '图片不完整，文件后半截缺失。',
    kept: untouched,
    next: '从原处重新复制一份。',
  },
  'image/too-large': {
    happened: '图片像素太多，一个标签页装不下。',
    kept: untouched,
    next: '缩小之后再选。',
  },
  'image/too-small': { happened: '图片太小，画不出来。', kept: untouched, next: '换一张大一些的。' },
  'image/too-narrow': {
    happened: '图片的长超过宽的 200 倍，模型看不了。',
    kept: '问题和其他图片都还在。',
    next: '把它切成短一些的几段再选。',
  },
  'image/encode-failed': {
    happened: '无法存成这种格式。',
    kept: '成品还在，只是尚未保存。',
    next: '改存 PNG。',
  },
  'deployment/invalid': {
    happened: '本站点的设置无法读取，因此不会启动任何可能被它禁止的功能。',
    kept: '没有丢失任何东西；模型和保存的内容都没有变化。',
    next: '请站点管理员修正 obscura.config.json：出错的字段列在“详情”里。',
  },
  'model/not-installed': {
    happened: '所用的模型不在这里，或已不在。',
    kept: inputHere,
    next: '到“模型”里获取，或换一个模型。',
  },
  'model/not-allowed': {
    happened: '本站点的管理员不允许在这里使用这个模型。',
    kept: shelfSame,
    next: '请联系管理员，或使用架上的其他模型。',
  },
  'model/not-recognised': {
    happened: '认不出这个模型文件。',
    kept: shelfSame,
    next: '请导入卡通模型或人脸检测模型的 ONNX 文件。',
  },
  'model/not-dct-net': {
    happened: '这个 TensorFlow 文件里不是 DCT-Net 的网络。',
    kept: shelfSame,
    next: '请导入官方的 cartoon_bg.pb 或 cartoon_h.pb，或 ONNX 文件。',
  },
  'model/pickle': {
    happened: '这是 Python 的 pickle 文件，或名字像是。打开它，里面藏着的任何程序都可能运行。',
    kept: '没有打开它，已有的模型也没有变动。',
    next: '请改用 ONNX 格式，它只有数字，没有程序。',
  },
  'model/foreign-operators': {
    happened: '这个模型用了 Obscura 没有的算子。',
    kept: shelfSame,
    next: '“详情”里有它们的名字；请改用 ONNX 自带的算子导出。',
  },
  'model/missing-file': {
    happened: '这个模型的权重在另一个文件里，没有一起选。',
    kept: shelfSame,
    next: '请两个一起选，文件名见“详情”。',
  },
  'model/unsafe-path': {
    happened: '这个模型想读自己文件夹以外的文件，已拒绝。',
    kept: '没有读那个文件，已有的模型也没有变动。',
    next: '请勿相信它的来源。',
  },
  'model/manifest': {
    happened: '这个 manifest.json 不是 Obscura 写的那种模型说明。',
    kept: shelfSame,
    next: '请重新导出或打包模型；“详情”里写着哪里不对。',
  },
  'model/manifest-version': {
    happened: '这个 manifest.json 出自另一个版本的 Obscura。',
    kept: shelfSame,
    next: '请刷新页面以获得新版本，或只导入 ONNX 文件。',
  },
  'model/export-failed': {
    happened: '模型没能写进那个文件夹。',
    kept: '模型还在这里，也没有留下冒名的半成品。',
    next: '请另选一个空间足够的文件夹。',
  },
  'model/damaged': {
    happened: '模型文件已损坏或不完整，没有使用。',
    kept: '照片和其他模型都不受影响。',
    next: '到“模型”里重新获取或导入。',
  },
  'model/hash-mismatch': {
    happened: '模型内容与公布的不一致，已弃用。',
    kept: shelfSame,
    next: '重新获取；若仍不一致，请勿相信其来源。',
  },
  'model/not-stated': {
    happened: '模型的主机没有说明文件应是什么，因此无法核对。',
    kept: shelfSame,
    next: '自行下载这个文件（地址在“详情”里），再用“导入模型”。',
  },
  'model/stated-otherwise': {
    happened: '模型的主机现在说的文件与第一次说的不同，因此没有下载。',
    kept: shelfSame,
    next: '除非作者说明文件为何变了，否则请勿相信。',
  },
  'model/wrong-shape': { happened: '模型给出的结果不是图片。', kept: photoHere, next: '换一个模型。' },
  'model/not-as-described': {
    happened: '这个模型与它的卡片所写的不同，因此没有使用。',
    kept: '提示词、图片和模型都没有变动。',
    next: '不同之处在“详情”里。请看看本应用或该模型有没有更新的版本。',
  },
  'model/not-finite': {
    happened: '模型给出的数值不能成为图片。',
    kept: '提示词和之前的图片都还在。',
    next: '换一个种子或尺寸再试。若仍如此，可能是这台设备的 16 位运算不够用。',
  },
  'gpu/device-lost': {
    happened: '显卡两次没有响应。',
    kept: inputHere,
    next: '关掉其他吃力的标签页，再试一次。',
  },
  'gpu/out-of-memory': {
    happened: '显存不够画这张图片。',
    kept: photoHere,
    next: '关掉其他吃力的标签页再试，或换一张小些的图片。',
  },
  'engine/out-of-memory': {
    happened: '内存不够画这张图。',
    kept: photoHere,
    next: '关掉别的标签页再试，或换一张小一点的图。',
  },
  'engine/failed': {
    happened: '引擎做到一半停了。',
    kept: inputHere,
    next: '再试一次，引擎会重新启动。',
  },
  'engine/start-failed': {
    happened: '引擎没有启动。',
    kept: inputHere,
    next: '再试一次；若还是不行，请用新版 Chrome、Edge、Firefox 或 Safari。',
  },
  'storage/full': {
    happened: '设备上放不下这个模型了。',
    kept: `没有留下残缺的文件。${shelfSame}`,
    next: '移除用不着的模型，或腾出磁盘空间。',
  },
  'storage/unavailable': {
    happened: '浏览器不让本页保存模型。',
    kept: inputHere,
    next: '允许本站保存数据，或离开无痕窗口。',
  },
  'storage/held': {
    happened: '浏览器不交出其中一处存储；可能被另一个标签页占用。',
    kept: '上次清除时其中的内容已经没有了。',
    next: '关闭本应用的其他标签页，再清除一次。',
  },
  'storage/erased': {
    happened: '本页存下的内容已在此处或其他标签页被清除。',
    kept: '没有再写回任何内容。',
    next: '重新载入页面，从头开始。',
  },
  'network/failed': {
    happened: '下载中断了。',
    kept: `已下载的部分还在。${shelfSame}`,
    next: '检查网络后再试。',
  },
  'network/host-busy': {
    happened: '提供此文件的服务器太忙，没有应答。',
    kept: `已下载的部分还在。${shelfSame}`,
    next: '过几分钟再试。',
  },
  'network/not-the-file': {
    happened: '收到的是网页，不是模型。',
    kept: `没有保存它。${shelfSame}`,
    next: '若这个网络要求登录，请先登录再试。',
  },
  'network/refused': {
    happened: '一个发往别处的请求被挡下了。',
    kept: '什么也没有发出去。',
    next: '无需处理；若觉得意外，请告诉我们。',
  },
  'network/unreachable': {
    happened: '模型的主机没有应答，或不允许网页读取。',
    kept: `已下载的部分还在。${shelfSame}`,
    next: '稍后再试，或自行下载这个文件（地址在“详情”里），再用“导入模型”。',
  },
  ...vaultErrors.zh,
  'wall/missing': {
    happened: '本页没有密封，因此不接收照片。',
    kept: '什么也没有读取。',
    next: '请刷新页面。',
  },
  'page/missing-part': {
    happened: '页面的这一部分没有下载成功。',
    kept: '照片、结果和模型都没有变化。',
    next: '请检查网络连接，然后重新打开。',
  },
  'camera/unavailable': {
    happened: '没有摄像头，或浏览器不允许本页使用。',
    kept: '什么也没有录下。',
    next: '允许本站使用摄像头，或直接选照片。',
  },
  'pdf/damaged': {
    happened: '这个文件不是 PDF，或者损坏、缺失得太多。',
    kept: chatHere,
    next: '请从原处重新复制一份。',
  },
  'pdf/locked': { happened: '这个密码打不开这份 PDF。', kept: chatHere, next: '请重新输入。' },
  'pdf/page': {
    happened: '这份 PDF 有一页画不出来。',
    kept: chatHere,
    next: '请选其他页；“详情”里有它的页码。',
  },
  'pdf/too-large': {
    happened: '这份 PDF 太大，一个标签页放不下。',
    kept: chatHere,
    next: '请拆成小一些的文件。',
  },
  'pdf/too-slow': {
    happened: '这份 PDF 用时太久，已被关闭。',
    kept: chatHere,
    next: '请重新打开并选其他页。',
  },
  'chat/full': {
    happened: '这个问题连同图片放不进这次对话剩下的余量。',
    kept: '已有的问答、这个问题和图片都还在。',
    next: '开始新的对话，少用几张图片，或把细节改快一些。',
  },
  'schema/invalid': {
    happened: '这不是 JSON Schema，或者没有内容能符合它。',
    kept: schemaHere,
    next: '“详情”里写明了位置，请在那里改正。',
  },
  'schema/unsupported': {
    happened: '这份 JSON Schema 里有一项要求，这里没法保证答案做得到。',
    kept: schemaHere,
    next: '“详情”里写明了是哪一项，请去掉它或换个写法。',
  },
  'schema/too-long': {
    happened: '这种形式的答案太长，超出了模型能写的长度。',
    kept: schemaHere,
    next: '少要几个字段，或允许答案更长。',
  },
};
