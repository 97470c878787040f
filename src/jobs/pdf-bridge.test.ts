/** The page's half of a PDF over a real message channel; that pdf.js reads and draws is shown in the browser. */
import { expose } from 'comlink';
import { expect, it } from 'vitest';
import { PdfBridge } from './pdf-bridge';
import type { PdfApi } from './pdf-protocol';
import type { WorkerLike } from './thread';

function open(draw: PdfApi['draw']) {
  const counted = { made: 0, ended: 0 };
  const makeWorker = (): WorkerLike => {
    counted.made += 1;
    const { port1, port2 } = new MessageChannel();
    const desk: PdfApi = { open: () => Promise.resolve({ ok: true, value: 3 }), draw };
    expose(desk, port2);
    port2.start();
    port1.start();
    const terminate = () => {
      counted.ended += 1;
      port1.close();
    };
    return Object.assign(port1 as unknown as WorkerLike, { terminate });
  };
  const fetchParts = () => Promise.resolve(new Blob(['parts']));
  return { bridge: new PdfBridge({ makeWorker, fetchParts, longestMs: 100 }), counted };
}

const size = { dpi: 72, longestSidePx: 100 };

it('a page that keeps its thread busy ends that thread, and nothing more is drawn in it', async () => {
  const { bridge, counted } = open(() => new Promise(() => undefined));
  expect(await bridge.open(new Blob(['pdf']), null)).toBe(3);
  await expect(bridge.draw(1, size)).rejects.toMatchObject({ code: 'pdf/too-slow' });
  await expect(bridge.draw(2, size)).rejects.toMatchObject({ code: 'pdf/too-slow' });
  expect(counted).toEqual({ made: 1, ended: 1 });
});

it('a page that is drawn in time is given, and closing ends the one under way as stopped', async () => {
  const page = new Blob(['page']);
  const { bridge, counted } = open((number) =>
    number === 1 ? Promise.resolve({ ok: true, value: page }) : new Promise(() => undefined),
  );
  await bridge.open(new Blob(['pdf']), null);
  expect((await bridge.draw(1, size)).size).toBe(page.size);
  const late = bridge.draw(2, size);
  bridge.end();
  await expect(late).rejects.toMatchObject({ name: 'AbortError' });
  expect(counted.ended).toBe(1);
});

it('a file that no tab can hold is refused before anything is read or started', async () => {
  const { bridge, counted } = open(() => new Promise(() => undefined));
  const huge = new Blob([]);
  Object.defineProperty(huge, 'size', { value: 2 ** 30 });
  await expect(bridge.open(huge, null)).rejects.toMatchObject({ code: 'pdf/too-large' });
  expect(counted.made).toBe(0);
});
