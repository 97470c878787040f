import { expect, test } from 'vitest';
import { StudioError } from '../base/errors';
import type { Engine } from '../jobs/engine-bridge';
import { openDeployment } from '../privacy/deployment';
import { DeploymentState } from './deployment.svelte';
import type { Shelf } from './shelf.svelte';
import { Startup } from './startup.svelte';
import type { Wall } from './wall.svelte';

const done = () => Promise.resolve();

test('a wall that is taken down while the page starts ends the start, whatever was waited for', async () => {
  let fall: (thrown: StudioError) => void = () => undefined;
  const gone = new Promise<never>((_, reject) => (fall = reject));
  const startup = new Startup({
    wall: { standing: done, fetchEngine: done, gone: () => gone } as unknown as Wall,
    engine: { start: () => new Promise(() => undefined) } as unknown as Engine,
    deployment: new DeploymentState(() => Promise.resolve(openDeployment)),
    shelf: { refresh: done } as unknown as Shelf,
    backend: 'wasm',
    heed: done,
  });
  const begun = startup.begin();
  await new Promise((turn) => setTimeout(turn, 10));
  expect(startup.phase.kind).toBe('opening');
  fall(new StudioError('wall/missing'));
  await expect(begun).rejects.toMatchObject({ code: 'wall/missing' });
  expect(startup.phase.kind).toBe('failed');
});
