/** Pictures of noise, as a question to a miniature has them. */
import { noise } from '../src/foundry/miniature';
import type { AskedTurn, PictureFile } from '../src/pipelines/vision-language/card';
import type { RgbaImage } from '../src/runtime/image';

type PictureFileSize = Awaited<ReturnType<PictureFile['read']>>['size'];

export function picture(seed: number, width = 24, height = 32): RgbaImage {
  const data = Uint8ClampedArray.from(noise(seed, width * height * 4), (n) => n / 3 + 128);
  for (let i = 3; i < data.length; i += 4) data[i] = 255;
  return { width, height, data };
}

/** Its pixels stand for its file. `happened` hears what is done with it. */
export function fileOf(
  image: RgbaImage,
  change: { mostTokens?: number; size?: PictureFileSize; happened?: (what: string) => void } = {},
): PictureFile {
  const { mostTokens = 12, size = image, happened = () => undefined } = change;
  return {
    mostTokens,
    read: () => {
      happened('read');
      return Promise.resolve({ bytes: new Uint8Array(image.data), size });
    },
    decode: () => {
      happened('decode');
      return Promise.resolve(image);
    },
  };
}
export const askOf = (text: string, ...pictures: PictureFile[]): AskedTurn => ({
  role: 'user',
  content: [...pictures.map((each) => ({ picture: each })), { text }],
});
export const ask = (text: string, ...pictures: RgbaImage[]): AskedTurn =>
  askOf(text, ...pictures.map((each) => fileOf(each)));
