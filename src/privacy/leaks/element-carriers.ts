/** Ways out through elements: each is put into the page, given time to load, and taken out again. */
import type { Tried } from '../leaks';
import { answered, heard, pause, type Carrier } from './carriers';

type Attributes = Readonly<Record<string, string>>;

/** Listens before the element can say anything. */
async function shown(element: Element, sent = 'load') {
  const said = heard(element, sent);
  document.body.append(element);
  const tried = await said;
  element.remove();
  return tried;
}

function made(name: string, attributes: Attributes): Element {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  return element;
}

const linked =
  (rel: string, more: Attributes = {}): Carrier =>
  (address) =>
    shown(made('link', { rel, href: address, ...more }));

/** Leaves the link of the app as it was. */
const relinked =
  (rel: string): Carrier =>
  async (address) => {
    const own = document.querySelector(`link[rel~="${rel}"]`);
    const before = own?.getAttribute('href') ?? '';
    if (!own) return linked(rel)(address, { base: '', stun: '', stunAddress: '' });
    own.setAttribute('href', address);
    await pause();
    own.setAttribute('href', before);
    return 'unsure';
  };

async function inFrame(
  make: (frame: HTMLIFrameElement) => void,
  act: (inside: Window) => Promise<Tried>,
): Promise<Tried> {
  const frame = document.createElement('iframe');
  try {
    make(frame);
    document.body.append(frame);
    await pause(50);
    const inside = frame.contentWindow;
    if (inside === null) return 'absent';
    // Told in the frame alone.
    inside.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
      dispatchEvent(Object.assign(new Event('securitypolicyviolation'), { effectiveDirective })),
    );
    return await act(inside);
  } finally {
    // A violation is told after the refusal, and to no frame that is gone.
    await pause(30);
    frame.remove();
  }
}

/** Of a frame; only what is used here. */
interface FrameRealm {
  readonly trustedTypes?: {
    createPolicy(
      name: string,
      rules: { createScriptURL: (url: string) => string },
    ): { createScriptURL(url: string): string };
  };
}

/** An element of an empty frame, whose own timings tell whether a host answered, be it with nothing. */
const inBlankFrame =
  (name: string, attribute: string): Carrier =>
  (address) =>
    inFrame(
      () => undefined,
      async (inside) => {
        // The page's policies are taken; a frame may make them again.
        const { trustedTypes } = inside as FrameRealm;
        const rules = { createScriptURL: (url: string) => url };
        const trusted = trustedTypes?.createPolicy('obscura-url', rules).createScriptURL(address);
        const element = inside.document.createElement(name);
        element.setAttribute('rel', 'stylesheet');
        element.setAttribute(attribute, trusted ?? address);
        inside.document.body.append(element);
        await pause();
        const [timing] = inside.performance.getEntriesByName(address) as PerformanceResourceTiming[];
        return (timing?.responseStatus ?? 0) > 0 ? 'sent' : 'unsure';
      },
    );

const framed = (sandbox: string): Carrier => {
  return (address) =>
    inFrame(
      (frame) => {
        if (sandbox !== '') frame.setAttribute('sandbox', sandbox);
        frame.setAttribute('srcdoc', `<img src="${address}">`);
      },
      () => pause().then((): Tried => 'unsure'),
    );
};

export const elementCarriers: Readonly<Record<string, Carrier>> = {
  img: (address) => shown(made('img', { src: address })),
  script: (address) => shown(made('script', { src: address })),
  stylesheet: linked('stylesheet'),
  async 'css-image'(address): Promise<Tried> {
    const element = document.createElement('div');
    element.style.backgroundImage = `url("${address}")`;
    element.style.height = '1px';
    document.body.append(element);
    await pause();
    element.remove();
    return 'unsure';
  },
  font: (address) => answered(new FontFace('leak', `url("${address}")`).load()),
  video: (address) => shown(made('video', { src: address, preload: 'auto' }), 'loadeddata'),
  object: (address) => shown(made('object', { data: address })),
  embed: (address) => shown(made('embed', { src: address })),
  async iframe(address): Promise<Tried> {
    const tried = await shown(made('iframe', { src: address }));
    // A refused frame loads an empty page.
    return tried === 'sent' ? 'unsure' : tried;
  },
  favicon: relinked('icon'),
  manifest: relinked('manifest'),
  prefetch: linked('prefetch'),
  preload: linked('preload', { as: 'fetch' }),
  modulepreload: linked('modulepreload'),
  'dns-prefetch': linked('dns-prefetch'),
  preconnect: linked('preconnect'),
  async 'speculation-rules'(address): Promise<Tried> {
    const rules = made('script', { type: 'speculationrules' });
    rules.textContent = JSON.stringify({
      prefetch: [{ source: 'list', urls: [address], eagerness: 'immediate' }],
    });
    document.body.append(rules);
    await pause();
    rules.remove();
    return 'unsure';
  },
  async form(address): Promise<Tried> {
    const form = made('form', { action: address, method: 'post' }) as HTMLFormElement;
    document.body.append(form);
    form.submit();
    await pause();
    form.remove();
    return 'unsure';
  },
  async ping(address): Promise<Tried> {
    const link = made('a', { href: '#/privacy', ping: address }) as HTMLAnchorElement;
    document.body.append(link);
    link.click();
    await pause();
    link.remove();
    return 'unsure';
  },
  'blank-frame-fetch': (address) =>
    inFrame(
      () => undefined,
      async (inside) => {
        await (inside as Window & typeof globalThis).fetch(address, { mode: 'no-cors' });
        return 'sent';
      },
    ),
  'blank-frame-img': inBlankFrame('img', 'src'),
  'blank-frame-script': inBlankFrame('script', 'src'),
  'blank-frame-stylesheet': inBlankFrame('link', 'href'),
  /** The page's own is taken away by its guard; a frame has another. */
  'blank-frame-websocket': (address) =>
    inFrame(
      () => undefined,
      async (inside) => {
        new (inside as Window & typeof globalThis).WebSocket(address.replace(/^http/, 'ws'));
        await pause();
        return 'unsure';
      },
    ),
  'srcdoc-frame': framed(''),
  'sandboxed-frame': framed('allow-scripts'),
  async 'svg-image'(address): Promise<Tried> {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const image = document.createElementNS('http://www.w3.org/2000/svg', 'image');
    image.setAttribute('href', address);
    svg.append(image);
    return shown(svg);
  },
  async 'link-download'(address): Promise<Tried> {
    const link = made('a', { href: address, download: 'leak' }) as HTMLAnchorElement;
    document.body.append(link);
    link.click();
    await pause();
    link.remove();
    return 'unsure';
  },
};
