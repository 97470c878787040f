/** The whole state of the page, built once by `main.ts` from its doors to the outside. */
import type { Engine } from '../jobs/engine-bridge';
import type { Library } from '../jobs/library-bridge';
import { Beside } from './beside.svelte';
import { Choices } from './choices.svelte';
import { Route } from './route.svelte';
import { Settings, type SettingsSources } from './settings.svelte';
import { Shelf } from './shelf.svelte';
import { Startup } from './startup.svelte';
import { Studio } from './studio.svelte';
import { Wall, type RaiseWall } from './wall.svelte';

export interface Doors {
  readonly engine: Engine;
  readonly library: Library;
  readonly raiseWall: RaiseWall;
  readonly settings: SettingsSources;
}

export class AppState {
  readonly settings: Settings;
  readonly route = new Route();
  readonly wall: Wall;
  readonly shelf: Shelf;
  readonly beside: Beside;
  readonly startup: Startup;
  readonly choices: Choices;
  readonly studio: Studio;

  constructor({ engine, library, raiseWall, settings }: Doors) {
    this.settings = new Settings(settings);
    this.wall = new Wall(raiseWall);
    this.shelf = new Shelf(library);
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
    });
  }
}
