/** The whole state of the page, built once by `main.ts` from its doors to the outside. */
import type { Engine } from '../jobs/engine-bridge';
import type { Library } from '../jobs/library-bridge';
import type { LedgerLine } from '../privacy/ledger-line';
import type { Witness } from '../privacy/witness';
import { Beside } from './beside.svelte';
import type { Deployment } from '../privacy/deployment';
import { allowedLibrary } from '../jobs/allowed-library';
import { Choices } from './choices.svelte';
import { DeploymentState } from './deployment.svelte';
import { LedgerBook } from './ledger.svelte';
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
  readonly fetchDeployment: () => Promise<Deployment>;
  readonly storage: StorageDoor;
  readonly witness: Witness;
  readonly ledgerLine: LedgerLine;
}

export class AppState {
  readonly settings: Settings;
  readonly route = new Route();
  readonly wall: Wall;
  readonly ledger: LedgerBook;
  readonly deployment: DeploymentState;
  readonly space: Space;
  readonly shelf: Shelf;
  readonly beside: Beside;
  readonly startup: Startup;
  readonly choices: Choices;
  readonly studio: Studio;

  constructor(doors: Doors) {
    const { engine, library, raiseWall, settings, fetchDeployment, storage, witness, ledgerLine } = doors;
    this.settings = new Settings(settings);
    this.wall = new Wall(raiseWall);
    this.ledger = new LedgerBook(ledgerLine, witness);
    this.deployment = new DeploymentState(fetchDeployment);
    this.space = new Space(storage);
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
    this.studio = new Studio({
      engine,
      startup: this.startup,
      choices: this.choices,
      shelf: this.shelf,
    });
  }
}
