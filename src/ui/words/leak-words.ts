/** The words of "Try to leak"; they come with the room. */
import type { Blocker } from '../../privacy/leaks';

const en = {
  title: 'Try to leak',
  lead: 'Attacks this page from the inside: every way out is tried with a random token, toward a name that never exists and toward this app’s own host.',
  run: 'Try to leak',
  running: (done: number, total: number) => `Trying: ${done} of ${total}`,
  busy: 'Not while a picture is drawn.',
  unsealed: 'The page is not sealed yet.',
  elsewhere:
    'Another tab of this app attacks just now. What is refused to one would be taken for a refusal to the other: run this when that one is done.',
  before:
    'Takes about half a minute. Nothing of yours is in it; your network may see a lookup of leak-test.invalid.',
  sum: (closed: number, open: number, unknown: number) =>
    `${closed} closed, ${open} open in this browser, ${unknown} that this page cannot tell.`,
  allowlist: {
    yes: 'This browser obeys Connection-Allowlist (measured), which closes what no other rule can: navigation, new windows, WebRTC and what an empty frame asks of the own host.',
    no: 'This browser does not obey Connection-Allowlist. Navigation, new windows, WebRTC and what an empty frame asks of the own host are not closed by anything here; a hostile script could use them.',
    unknown: 'Whether this browser obeys Connection-Allowlist could not be measured.',
  },
  caption: 'What came of each way out',
  channel: 'Way out',
  target: 'Toward',
  targets: { foreign: 'Another host', own: 'The own host' },
  result: 'Result',
  leaked: 'Not blocked in this browser',
  unknown: 'This page cannot tell',
  by: {
    'connection-allowlist': 'Closed by Connection-Allowlist',
    csp: 'Closed by the content policy',
    'service-worker': 'Closed by the service worker',
    'permissions-policy': 'Closed by the permissions policy',
    'page-guard': 'Closed by this page’s guard only',
    browser: 'Refused by the browser',
  } satisfies Record<Blocker, string> as Record<Blocker, string>,
  inferred: 'not tried here, inferred',
  limits:
    'Ways that open windows, and the service worker’s own requests, are not tried here; what is said of them is inferred. The command “npm run leak-test” tries all of them with a server that listens. No rule closes what an order can say: a hostile script could ask the own host for files of this app, or parts of its models, in an order that means something there.',
};

const zh: typeof en = {
  title: '尝试泄漏',
  lead: '从内部攻击本页：用随机令牌逐一尝试每条出路，一次指向永不存在的主机名，一次指向本应用自己的主机。',
  run: '尝试泄漏',
  running: (done, total) => `正在尝试：${done} / ${total}`,
  busy: '绘制图片时不能进行。',
  unsealed: '本页尚未密封。',
  elsewhere:
    '本应用的另一个标签页正在进行攻击测试。两边同时进行会把对方被拒的请求算到自己头上，请等它结束后再试。',
  before: '约需半分钟，其中没有您的任何内容；您的网络可能会看到对 leak-test.invalid 的查询。',
  sum: (closed, open, unknown) =>
    `关闭 ${closed} 条，在此浏览器中开放 ${open} 条，本页无法判断 ${unknown} 条。`,
  allowlist: {
    yes: '实测此浏览器遵守 Connection-Allowlist，它关闭了其他规则关不住的出路：页面跳转、新窗口、WebRTC，以及空白框架向自己的主机发出的请求。',
    no: '此浏览器不遵守 Connection-Allowlist。这里没有任何东西能关闭页面跳转、新窗口、WebRTC 和空白框架向自己的主机发出的请求，恶意脚本可以利用它们。',
    unknown: '无法测出此浏览器是否遵守 Connection-Allowlist。',
  },
  caption: '每条出路的结果',
  channel: '出路',
  target: '去向',
  targets: { foreign: '别的主机', own: '自己的主机' },
  result: '结果',
  leaked: '在此浏览器中未被阻止',
  unknown: '本页无法判断',
  by: {
    'connection-allowlist': '由 Connection-Allowlist 关闭',
    csp: '由内容安全策略关闭',
    'service-worker': '由 Service Worker 关闭',
    'permissions-policy': '由权限策略关闭',
    'page-guard': '仅由本页的守卫关闭',
    browser: '被浏览器拒绝',
  },
  inferred: '此处未试，为推断',
  limits:
    '会打开窗口的出路和 Service Worker 自己的请求不在这里尝试，所列结论是推断。命令 npm run leak-test 会在有服务器监听的情况下逐一尝试。次序本身能表达的信息，没有规则能够关闭：恶意脚本可以按某种约定的次序，向自己的主机请求本应用的文件或模型的片段。',
};

export const words = { en, zh };
