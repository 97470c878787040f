/** Writes what a host's administrator needs beside the app. What does not follow from the policy lies in `public/deploy/`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Grant } from '../../src/privacy/policy.ts';
import { deployFolder } from '../dist-files.ts';
import { caddyfile } from './caddy.ts';
import { nginxSite, nginxUnprivileged } from './nginx.ts';

export function writeDeployKit(dist: string, grants: readonly Grant[]): void {
  const write = (name: string, text: string) => writeFileSync(join(dist, deployFolder, name), text);
  write('nginx.conf', nginxSite(grants));
  write('nginx-unprivileged.conf', nginxUnprivileged(grants));
  write('Caddyfile', caddyfile(grants));
}
