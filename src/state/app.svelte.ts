/** The whole state of the page, built once by `main.ts` from its doors to the outside. */
import type { Engine } from '../jobs/engine-bridge';
import type { Library } from '../jobs/library-bridge';
import { Beside } from './beside.svelte';
import { Choices } from './choices.svelte';
import { Recorder, type RecordDoors } from './recorder';
import { Route } from './route.svelte';
import { Settings, type SettingsSources } from './settings.svelte';
import { Shelf } from './shelf.svelte';
import { Space } from './space.svelte';
import { Startup } from './startup.svelte';
import type { StorageDoor } from './storage-room';
import { Studio } from './studio.svelte';
import { Wall, type RaiseWall } from './wall.svelte';

export interface Doors {
  readonly engine: Engine;
  readonly library: Library;
  readonly raiseWall: RaiseWall;
  readonly settings: SettingsSources;
  readonly storage: StorageDoor;
  readonly record: RecordDoors;
}

export class AppState {
  readonly settings: Settings;
  readonly route = new Route();
  readonly wall: Wall;
  readonly space: Space;
  readonly shelf: Shelf;
  readonly beside: Beside;
  readonly startup: Startup;
  readonly choices: Choices;
  readonly studio: Studio;

  constructor({ engine, library, raiseWall, settings, storage, record }: Doors) {
    this.settings = new Settings(settings);
    this.wall = new Wall(raiseWall);
    this.space = new Space(storage);
    this.shelf = new Shelf(library, () => void this.space.askToKeep());
    this.beside = new Beside(library, this.shelf);
    this.startup = new Startup({
      engine,
      wall: this.wall,
      shelf: this.shelf,
      backend: this.settings.backend,
    });
    this.choices = new Choices(this.shelf);
    this.studio = new Studio({
      engine,
      startup: this.startup,
      choices: this.choices,
      shelf: this.shelf,
      recorder: new Recorder({ doors: record, wall: this.wall, shelf: this.shelf }),
    });
  }
}
