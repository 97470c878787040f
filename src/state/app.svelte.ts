/** The whole state of the page, built once by `main.ts` from its doors to the outside. */
import { allowedLibrary } from '../jobs/allowed-library';
import type { Engine } from '../jobs/engine-bridge';
import type { Library } from '../jobs/library-bridge';
import type { Tabs } from '../jobs/tabs';
import type { Deployment } from '../privacy/deployment';
import type { LedgerLine } from '../privacy/ledger-line';
import type { Witness } from '../privacy/witness';
import { Beside } from './beside.svelte';
import { Choices } from './choices.svelte';
import { DeploymentState } from './deployment.svelte';
import { Drawing } from './drawing';
import { LedgerBook } from './ledger.svelte';
import { Line } from './line.svelte';
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
  readonly tabs: Tabs;
  readonly raiseWall: RaiseWall;
  readonly settings: SettingsSources;
  readonly fetchDeployment: () => Promise<Deployment>;
  readonly storage: StorageDoor;
  readonly witness: Witness;
  readonly ledgerLine: LedgerLine;
  readonly record: RecordDoors;
}

export class AppState {
  readonly settings: Settings;
  readonly route = new Route();
  readonly wall: Wall;
  readonly ledger: LedgerBook;
  readonly deployment: DeploymentState;
  readonly space: Space;
  readonly line: Line;
  readonly shelf: Shelf;
  readonly beside: Beside;
  readonly startup: Startup;
  readonly choices: Choices;
  readonly drawing: Drawing;
  readonly studio: Studio;

  constructor(doors: Doors) {
    const { engine, library, tabs, storage } = doors;
    this.settings = new Settings(doors.settings);
    this.wall = new Wall(doors.raiseWall);
    this.ledger = new LedgerBook(doors.ledgerLine, doors.witness);
    this.deployment = new DeploymentState(doors.fetchDeployment);
    this.space = new Space(storage);
    this.line = new Line(library, tabs);
    const allowed = allowedLibrary(library, () => this.deployment.settings.models);
    this.shelf = new Shelf(allowed, () => void this.space.askToKeep());
    this.beside = new Beside(allowed, this.shelf);
    this.startup = new Startup({
      engine,
      wall: this.wall,
      deployment: this.deployment,
      shelf: this.shelf,
      backend: this.settings.backend,
    });
    this.choices = new Choices(this.shelf);
    const recorder = new Recorder({ doors: doors.record, wall: this.wall, line: this.line });
    this.drawing = new Drawing({ engine, line: this.line, recorder });
    this.studio = new Studio({
      engine,
      drawing: this.drawing,
      startup: this.startup,
      choices: this.choices,
      shelf: this.shelf,
      recorder,
    });
  }
}
