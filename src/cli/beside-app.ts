/** The app as a deployment serves it that laid models beside it. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { BackendChoice } from '../runtime/runtime';
import { AppDriver } from './app-driver';

export interface AppBeside {
  readonly app: AppDriver;
  /** Ends it, and takes the folder away that it was served from. */
  readonly close: () => Promise<void>;
}

/**
 * The app in a browser with these models beside it, once `begin` is done with it.
 * `models` is laid out as `npm run model -- build` or `pack` does it. @throws PlainError
 */
export async function openBeside<Driver>(
  backend: BackendChoice,
  { room, models }: { room: 'ask' | 'create'; models: string },
  begin: (beside: AppBeside) => Promise<Driver>,
): Promise<Driver> {
  const folder = mkdtempSync(join(tmpdir(), 'obscura-app-'));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  try {
    const dirOf = (dist: string): string => besideApp(dist, resolve(models), folder);
    const app = await AppDriver.open(backend, { room, dirOf });
    const close = async () => {
      await app.close();
      removeFolder();
    };
    return await begin({ app, close }).catch(async (thrown: unknown) => {
      await app.close();
      throw thrown;
    });
  } catch (thrown) {
    removeFolder();
    throw thrown;
  }
}

/** The built app with these models beside those that ship with it. Nothing is copied but links. */
export function besideApp(dist: string, models: string, folder: string): string {
  for (const name of readdirSync(dist))
    if (name !== 'models') symlinkSync(join(dist, name), join(folder, name));
  const beside = join(folder, 'models');
  mkdirSync(beside);
  for (const from of [join(dist, 'models'), models]) {
    for (const name of readdirSync(from)) {
      rmSync(join(beside, name), { recursive: true, force: true });
      if (name === 'manifest.json') cpSync(join(from, name), join(beside, name));
      else symlinkSync(join(from, name), join(beside, name));
    }
  }
  return folder;
}
