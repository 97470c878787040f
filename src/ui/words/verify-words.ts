/** The words of the verify kit in `#/privacy`; they come with the room. */
const en = {
  title: 'Check it yourself',
  lead: 'From the simplest to the most thorough. All but the first two are done outside this page, since a false page would also show a false tick.',
  ways: {
    offline: {
      title: 'Switch the network off',
      body: 'Once the page is ready, switch to airplane mode or pull the cable, then draw. What works without a network sends nothing over it.',
    },
    tools: {
      title: 'Watch with the browser’s own tools',
      body: 'Press F12, open Network, tick “Preserve log” and choose All; then draw. No row may carry a picture. What the guard itself fetches is shown under Application, Service workers.',
    },
    netExport: {
      title: 'Record everything the browser sends',
      body: 'In Chrome or Edge, type this into the address bar, start logging with raw bytes, draw, stop, and search the file for a word that only your picture’s name or metadata holds.',
    },
    tcpdump: {
      title: 'Record everything this computer sends to this host',
      body: 'In a terminal, while you draw. Once the page has loaded, no line should appear; a reload brings some, and so does the browser asking for a newer version.',
    },
    hashes: {
      title: 'Compare what the host serves with what was published',
      body: 'release.json names the SHA-256 of every file of the build. The guard keeps this page itself away from it, so fetch it from a terminal. That the list is the true one, your own build of the same source shows: it comes out the same, byte for byte.',
      ours: 'With the source at hand and built (npm ci && npm run build)',
      plain: 'Without any program of ours',
    },
    leakTest: {
      title: 'Attack it from outside',
      body: 'With the source at hand: a browser tries every channel that we know of, against this address, and reports each one.',
    },
  },
  copy: 'Copy',
  copied: 'Copied',
  copyName: (what: string) => `Copy: ${what}`,
  limits: {
    title: 'What it cannot prove',
    lead: 'No page can, and we would rather say so.',
    list: [
      'That this host serves everybody the same code. It could serve one person another; comparing hashes tells about the copy that you were sent, at that moment.',
      'That nobody else on this address reads along. Every project under one origin can read the same storage, so Obscura should have a domain of its own.',
      'What stands beside or below the page: browser extensions, page translation, session restore, the operating system, graphics drivers, memory swapped to disk, and what is left of deleted data on an SSD.',
      'Where saved files go. A folder that is synchronised or backed up takes them along.',
      'Anonymity. This host, and a model’s host once you fetch from it, see your IP address and the name of your browser.',
    ],
    shared: (path: string) =>
      `This copy lies under ${path} of its address. Other projects on the same address, if there are any, can read what this browser keeps for it. A domain of its own ends that.`,
  },
};

const zh: typeof en = {
  title: '自己来验证',
  lead: '由简到繁。除前两项外，都在本页之外进行：假的网页也会显示假的对勾。',
  ways: {
    offline: {
      title: '断开网络',
      body: '页面就绪后，打开飞行模式或拔掉网线，再绘制。没有网络也能完成的事，不会经网络送出任何东西。',
    },
    tools: {
      title: '用浏览器自带的工具观察',
      body: '按 F12 打开“网络”面板，勾选“保留日志”并选“全部”，然后绘制。任何一行都不应带有图片。守卫自己发出的请求列在“应用”面板的 Service workers 里。',
    },
    netExport: {
      title: '记录浏览器送出的一切',
      body: '在 Chrome 或 Edge 的地址栏输入下面的地址，选择包含原始字节并开始记录，绘制，停止，然后在文件里搜索只有这张图片的文件名或元数据中才有的词。',
    },
    tcpdump: {
      title: '记录这台电脑发往本主机的一切',
      body: '绘制时在终端运行。页面载入之后不应再出现任何一行；刷新页面会有几行，浏览器检查新版本时也会有。',
    },
    hashes: {
      title: '把主机送出的文件与公布的对照',
      body: 'release.json 列出构建中每个文件的 SHA-256。守卫不让本页接触它，请在终端获取。这份清单是否真实，用同一份源码自己构建一次便知：结果逐字节相同。',
      ours: '手边有源码并已构建（npm ci && npm run build）',
      plain: '不用我们的任何程序',
    },
    leakTest: {
      title: '从外部攻击',
      body: '手边有源码时：用一个浏览器对本地址尝试我们所知的每一条通道，并逐条报告。',
    },
  },
  copy: '复制',
  copied: '已复制',
  copyName: (what) => `复制：${what}`,
  limits: {
    title: '它无法证明什么',
    lead: '任何网页都做不到，我们宁可明说。',
    list: [
      '这台主机给每个人的代码是否都一样。它可以单独给某个人另一份；对照哈希只能说明你当时收到的那一份。',
      '同一地址上有没有别人旁观。同一源下的各个项目可以读取同一份存储，所以 Obscura 应当有自己的域名。',
      '页面旁边和底下的东西：浏览器扩展、页面翻译、会话恢复、操作系统、显卡驱动、被换出到磁盘的内存，以及固态硬盘上删除后的残留。',
      '保存的文件去了哪里。会同步或备份的文件夹会把它们一并带走。',
      '匿名。本主机，以及你获取模型时的模型主机，看得到你的 IP 地址和浏览器名称。',
    ],
    shared: (path) =>
      `这一份位于其地址的 ${path} 之下。同一地址上若有其他项目，它们可以读取浏览器为这个地址保存的内容。使用独立域名即可避免。`,
  },
};

export const words = { en, zh };
