/** The folder of models that the app is to be served with, as the command line was given it. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pack } from './pack';
import { PlainError } from './plain-error';

/** Laid out as `pack` does it; into `temporary` where it is not yet. @throws PlainError; StudioError model/* */
export async function modelsFolder(asked: string, temporary: string): Promise<string> {
  if (!existsSync(asked) || !statSync(asked).isDirectory())
    throw new PlainError(
      `${asked} is no folder. Give the folder that \`npm run model -- pack\` or \`build\` wrote, or one with the published files.`,
    );
  if (existsSync(join(asked, 'manifest.json'))) return asked;
  await pack([asked], temporary);
  return temporary;
}
