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

/** The files a manifest names, by their path in the app's folder; none where it cannot be read. */
export function filesNamed(text: string): readonly ListedFile[] {
  if (text.length > maxManifestBytes) return [];
  try {
    const { format, version, models } = JSON.parse(text) as Partial<Record<string, unknown>>;
    if (format !== manifestFormat || version !== manifestVersion || !Array.isArray(models)) return [];
    return models
      .map((model: { readonly part?: unknown }) => listed(model.part))
      .filter((file) => file !== null);
  } catch {
    return [];
  }
}

function listed(part: unknown): ListedFile | null {
  const { path, bytes, sha256 } = part as Partial<Record<string, unknown>>;
  const isNamed = typeof path === 'string' && path.length <= 200 && onnxPath.test(path);
  if (!isNamed || typeof sha256 !== 'string' || !Number.isSafeInteger(bytes)) return null;
  return { path: modelsFolder + path, bytes: bytes as number, sha256 };
}
