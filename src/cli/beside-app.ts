/** The app as a deployment serves it that laid models beside it. */
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

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
