/** Finding Chromium, installing Debian's where there is none, and starting it for the command line. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { PlainError } from './plain-error';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

export const launchArgs = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
] as const;

/** WebGPU on the CPU, for machines without a GPU; about a hundred times slower than wasm. */
export const softwareGpuArg = '--use-webgpu-adapter=swiftshader';

/** A Linux machine shows its GPUs here; elsewhere assume there is one. */
export function machineHasGpu(): boolean {
  return process.platform !== 'linux' || existsSync('/dev/dri') || existsSync('/dev/nvidia0');
}

export function findChromium(): string | null {
  const asked = process.env.CHROMIUM;
  if (asked !== undefined && asked !== '') return asked;
  const places = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((dir) => names.map((name) => join(dir, name)));
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  return [...places, mac].find(isExecutable) ?? null;
}

/** Installs Debian's package when no browser is found. Throws a plain sentence when that fails too. */
export function ensureChromium(): string {
  const found = findChromium();
  if (found !== null) return found;
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  const command = `${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends chromium`;
  // What apt says goes to stderr: stdout is for results.
  spawnSync(command, { shell: true, stdio: ['ignore', process.stderr, process.stderr] });
  const installed = findChromium();
  if (installed === null) {
    throw new PlainError(
      'No Chromium was found and none could be installed. Install one, or set CHROMIUM to its path.',
    );
  }
  return installed;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
