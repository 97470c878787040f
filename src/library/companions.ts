/** Files chosen together: the model among them, with the weights that lie beside it taken in. */
import { bytesOfFile } from '../base/file';
import { inlineData } from '../foundry/inline-data';
import { readOnnx } from '../foundry/onnx';

export interface NamedFile {
  readonly file: Blob;
  readonly name: string;
}

/**
 * The one model of these files. What it wants and was not given stays outside, for the importer to refuse.
 * @throws StudioError file/gone, model/damaged
 */
export async function withItsFiles(files: readonly File[], maxBytes: number): Promise<NamedFile> {
  const model = files.find(({ name }) => /\.(onnx|pb)$/i.test(name)) ?? files[0] ?? new File([], '');
  const others = files.filter((file) => file !== model);
  const alone = { file: model, name: model.name };
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (others.length === 0 || size > maxBytes || !/\.onnx$/i.test(model.name)) return alone;
  const bytes = await bytesOfFile(model);
  const given = new Map<string, Uint8Array>();
  for (const location of readOnnx(bytes).externalFiles) {
    if (leavesFolder(location)) continue;
    const file = others.find(({ name }) => name === location.split('/').at(-1));
    if (file) given.set(location, await bytesOfFile(file));
  }
  return given.size === 0 ? alone : { file: new Blob([inlineData(bytes, given)]), name: model.name };
}

/** True of a path that is absolute, of another drive or scheme, or climbs. */
export function leavesFolder(location: string): boolean {
  return /^[/\\]|^\w+:|\\/.test(location) || location.split('/').includes('..');
}
