/** The folder of models that the app is to be served with, as the command line was given it. */
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readManifest, writeManifest, type ListedFile } from '../library/manifest';
import { filesOf } from '../models/files';
import { pack } from './pack';
import { PlainError } from './plain-error';

/** Where `npm run model -- pack` lays models, unless told otherwise. */
const besideTheApp = resolve(import.meta.dirname, '../../public/models');

/**
 * A folder as it is where it has a manifest; else what is in it, packed into `temporary`. No folder is the id of a model
 * that was laid beside the app, or its title as one, which is then offered alone. @throws PlainError; StudioError model/*
 */
export async function modelsFolder(asked: string, temporary: string, beside = besideTheApp): Promise<string> {
  if (!existsSync(asked) || !statSync(asked).isDirectory()) return offeredAlone(asked, temporary, beside);
  if (existsSync(join(asked, 'manifest.json'))) return asked;
  await pack([asked], temporary);
  return temporary;
}

function offeredAlone(id: string, temporary: string, beside: string): string {
  const manifest = join(beside, 'manifest.json');
  // The catalogue is the bundler's; the page puts its own words in place of the manifest's.
  const unknown = () => undefined;
  const models = existsSync(manifest) ? readManifest(readFileSync(manifest, 'utf8'), unknown) : [];
  const model = models.find((each) => each.id === id || idOf(each.title) === id);
  if (!model) {
    const ids = models.map((each) => each.id).join(', ') || 'none';
    throw new PlainError(
      `${id} is no folder, and no model that \`npm run model -- pack\` laid beside the app (${ids}). Give one of ` +
        'those, the folder that `pack` or `build` wrote, or one with the published files.',
    );
  }
  const tops = filesOf<ListedFile>(model).map(({ path }) => path.split('/')[0] ?? path);
  for (const top of new Set(tops)) symlinkSync(join(beside, top), join(temporary, top));
  writeFileSync(join(temporary, 'manifest.json'), writeManifest([model]));
  return temporary;
}

/** As ids of cards are: small letters, and hyphens between them. */
function idOf(title: string): string {
  return title.toLowerCase().replaceAll(/[^\p{L}\d]+/gu, '-');
}
