import { expect, it } from 'vitest';
import { erasePageStores, measurePageStores, type PageStores } from './page-stores';

/** A `Storage`, whose entries are its own properties as in a browser. */
function storage(entries: Record<string, string>): Storage {
  const clear = () => Object.keys(entries).forEach((key) => Reflect.deleteProperty(entries, key));
  return new Proxy(entries, {
    get: (held, key) => (key === 'clear' ? clear : (Reflect.get(held, key) as unknown)),
  }) as unknown as Storage;
}

/** `document.cookie`: one cookie is set at a time, and goes when its age is nought. */
class Jar {
  readonly held = new Map<string, string>();

  get cookie(): string {
    return [...this.held].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  set cookie(text: string) {
    const [pair = '', ...attributes] = text.split('; ');
    const [name = '', value = ''] = pair.split('=');
    if (attributes.includes('max-age=0')) this.held.delete(name);
    else this.held.set(name, value);
  }
}

function page(): PageStores & { readonly cookies: Jar } {
  const registrations = new Set<ServiceWorkerRegistration>();
  const unregister = () => Promise.resolve(registrations.delete(registration));
  const registration = { unregister } as unknown as ServiceWorkerRegistration;
  registrations.add(registration);
  const local = storage({ 'obscura.theme': 'dark' });
  const cookies = new Jar();
  cookies.cookie = 'host=1';
  cookies.cookie = 'other=23';
  return {
    ...{ cookies, local: () => local, registrations: () => Promise.resolve([...registrations]) },
    session: () => {
      throw new Error('refused');
    },
  };
}

it('counts what a page sees, and a store that is refused as none', async () => {
  expect(await measurePageStores(page())).toEqual([
    { kind: 'local-storage', name: '', entries: 1, bytes: 17 },
    { kind: 'cookies', name: '', entries: 2, bytes: 16 },
    { kind: 'service-worker', name: '', entries: 1, bytes: null },
  ]);
});

it('finds nothing after an erase', async () => {
  const stores = page();
  await erasePageStores(stores);
  expect(await measurePageStores(stores)).toEqual([]);
});
