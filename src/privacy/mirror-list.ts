/**
 * The models that a deployment laid beside the app: `models/manifest.json` names their files, and no other file
 * is let through. Nothing a page says can widen it. What the names mean is the library's business.
 */
import type { ListedFile } from './allow-list';

/** What a deployment's administrator set; beside the app too, and known by this name alone. */
export const configPath = 'obscura.config.json';

export const manifestFormat = 'obscura-models';
export const manifestVersion = 1;
export const maxManifestBytes = 1024 * 1024;
export const modelsFolder = 'models/';
export const manifestPath = `${modelsFolder}manifest.json`;

/** A path below a folder, of plain names only: no scheme, host, query, escape or dot segment can be written so. */
export const onnxPath = /^(?:[\w-][\w.-]*\/){0,3}[\w-][\w.-]*\.onnx$/;

/** The files of a model of several parts: graphs, weights beside them, and what a pipeline reads as JSON. */
export const partPath = /^(?:[\w-][\w.-]*\/){0,3}[\w-][\w.-]*\.(?:onnx(?:[._]data(?:_\d+)?)?|data|bin|json)$/;

/** The files a manifest names, by their path in the app's folder; none where it cannot be read. */
export function filesNamed(text: string): readonly ListedFile[] {
  if (text.length > maxManifestBytes) return [];
  try {
    const { format, version, models } = JSON.parse(text) as Partial<Record<string, unknown>>;
    if (format !== manifestFormat || version !== manifestVersion || !Array.isArray(models)) return [];
    return models.flatMap(({ part, parts }: Partial<Record<string, unknown>>) => {
      const several = parts === undefined ? [] : Object.values(parts as object).flat();
      return [...named([part], onnxPath), ...named(several, partPath)];
    });
  } catch {
    return [];
  }
}

function named(files: readonly unknown[], pattern: RegExp): readonly ListedFile[] {
  return files.flatMap((file) => {
    const { path, bytes, sha256 } = (file ?? {}) as Partial<Record<string, unknown>>;
    const isNamed = typeof path === 'string' && path.length <= 200 && pattern.test(path);
    if (!isNamed || typeof sha256 !== 'string' || !Number.isSafeInteger(bytes)) return [];
    return [{ path: modelsFolder + path, bytes: bytes as number, sha256 }];
  });
}
