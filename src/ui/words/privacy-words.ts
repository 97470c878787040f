/** The words of `#/privacy`; they come with the room. */
const en = {
  title: 'Privacy',
  lead: 'Pictures and file names stay in this tab. This page shows what holds that in place, what went over the line, and what no page can prove.',
  airlock: {
    title: 'Airlock',
    lead: 'Sealed, nothing of this tab reaches another host. Open, one worker made for one model may reach that model’s host, and nothing else.',
    switch: 'Airlock',
    sealed: 'Sealed. No worker of this tab may reach another host.',
    fetching: 'Fetching. Switch it on to end this now; what has arrived is kept.',
    held: 'Sealed for a drawing. The download goes on by itself after it.',
    unsealed: 'Not sealed: the guard of this page does not stand, so no picture is taken in.',
    model: 'Model',
    bytes: 'Arrived',
    of: (done: string, total: string) => `${done} of ${total}`,
    from: 'May reach',
    choose: 'Choose what to fetch. Its host, size and licence are shown before anything is asked for.',
    nothing: 'Every model that can be fetched from another host is already here.',
  },
};

const zh: typeof en = {
  title: '隐私',
  lead: '图片和文件名都留在这个标签页里。这一页列出靠什么守住这一点、网络上走过什么，以及任何网页都无法证明的事。',
  airlock: {
    title: '气闸',
    lead: '密封时，本标签页的任何内容都到不了别的主机。打开时，只有为某一个模型而建的工作线程能访问该模型的主机，此外哪里也去不了。',
    switch: '气闸',
    sealed: '已密封。本标签页没有任何线程能访问别的主机。',
    fetching: '正在获取。打开此开关即可立刻结束；已到的部分会保留。',
    held: '绘制期间已密封。绘制结束后会自动继续下载。',
    unsealed: '未密封：本页的守卫没有就位，因此不接收任何图片。',
    model: '模型',
    bytes: '已到',
    of: (done, total) => `${done} / ${total}`,
    from: '可访问',
    choose: '选择要获取的模型。发出任何请求之前，会先列出主机、大小和许可。',
    nothing: '所有能从别的主机获取的模型都已在这里。',
  },
};

export const words = { en, zh };
