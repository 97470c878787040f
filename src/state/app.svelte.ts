/** The whole state of the page, built once by `main.ts` from its doors to the outside. */
import { allowedLibrary } from '../jobs/allowed-library';
import type { Engine } from '../jobs/engine-bridge';
import type { Library } from '../jobs/library-bridge';
import type { Tabs } from '../jobs/tabs';
import type { VaultDoor } from '../jobs/vault-bridge';
import type { EraseReach } from '../jobs/vault-protocol';
import type { Deployment } from '../privacy/deployment';
import type { LedgerLine } from '../privacy/ledger-line';
import type { Witness } from '../privacy/witness';
import type { PictureFormat } from '../runtime/image';
import { AiMarks } from './ai-marks';
import type { Announcements } from './announcements';
import type { Asking } from './asking.svelte';
import { auditedLibrary } from './audited-library';
import { Beside } from './beside.svelte';
import { Choices } from './choices.svelte';
import { DeploymentState } from './deployment.svelte';
import { Drawing } from './drawing';
import { Keeping } from './keeping.svelte';
import type { Creation } from './creation.svelte';
import type { Kept } from './kept.svelte';
import { LedgerBook } from './ledger.svelte';
import { Line } from './line.svelte';
import type { PageStores } from './page-stores';
import { Recorder, type RecordDoors } from './recorder';
import { Route } from './route.svelte';
import { Settings, type SettingsSources } from './settings.svelte';
import { Shelf } from './shelf.svelte';
import { Space } from './space.svelte';
import { Startup } from './startup.svelte';
import type { StorageDoor } from './storage-room';
import type { Stores } from './stores.svelte';
import { Studio } from './studio.svelte';
import { Wall, type RaiseWall } from './wall.svelte';

export interface Doors {
  readonly engine: Engine;
  readonly library: Library;
  readonly tabs: Tabs;
  readonly raiseWall: RaiseWall;
  readonly settings: SettingsSources;
  readonly askDeployment: () => Promise<Deployment>;
  readonly storage: StorageDoor;
  readonly witness: Witness;
  readonly ledgerLine: LedgerLine;
  readonly record: RecordDoors;
  readonly vault: VaultDoor;
  readonly announcements: Announcements;
  readonly locks: Pick<LockManager, 'request'>;
  readonly databaseNames: () => Promise<readonly string[]>;
  readonly pageStores: PageStores;
}

export class AppState {
  readonly #doors: Doors;
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
  readonly keeping: Keeping;
  readonly aiMarks: AiMarks;
  readonly #recorder: Recorder;
  #creating: Promise<Creation> | null = null;
  #creation = $state.raw<Creation | null>(null);
  #openAsking: Promise<Asking> | null = null;
  #asking = $state.raw<Asking | null>(null);
  #kept: Promise<Kept> | null = null;
  #stores: Promise<Stores> | null = null;
  #erasedElsewhere = $state<EraseReach | null>(null);

  constructor(doors: Doors) {
    const { engine, library, tabs, storage, vault, announcements, locks, databaseNames } = doors;
    this.#doors = doors;
    this.settings = new Settings(doors.settings);
    this.wall = new Wall(doors.raiseWall);
    this.ledger = new LedgerBook(doors.ledgerLine, doors.witness);
    this.deployment = new DeploymentState(doors.askDeployment);
    this.space = new Space(storage);
    const swept = () => this.#lookAtKept();
    this.keeping = new Keeping({
      ...{ vault, announcements, locks, databaseNames, swept },
      rules: () => this.deployment.settings,
      now: () => Date.now(),
    });
    const allowed = allowedLibrary(library, () => this.deployment.settings.models);
    const audited = auditedLibrary(allowed, (event) => this.keeping.note(event));
    this.line = new Line(audited, tabs);
    this.shelf = new Shelf(audited, () => void this.space.askToKeep());
    this.beside = new Beside(audited, this.shelf);
    this.startup = new Startup({
      engine,
      wall: this.wall,
      deployment: this.deployment,
      shelf: this.shelf,
      backend: this.settings.backend,
      heed: () => this.keeping.heed(),
    });
    this.choices = new Choices(this.shelf);
    const recorder = (this.#recorder = new Recorder({
      doors: doors.record,
      wall: this.wall,
      line: this.line,
    }));
    this.drawing = new Drawing({ engine, line: this.line, recorder });
    this.aiMarks = new AiMarks(() => this.deployment.settings.aiMark);
    this.studio = new Studio({
      engine,
      drawing: this.drawing,
      startup: this.startup,
      choices: this.choices,
      shelf: this.shelf,
      recorder,
      aiMarks: this.aiMarks,
      engineIsWanted: () => this.#creation?.busy === true || this.#asking?.busy === true,
    });
    announcements.listen((message) => {
      if (message.kind !== 'erase') return;
      this.#letGo(message.reach);
      this.#erasedElsewhere = message.reach;
    });
  }

  /** A picture in another format. @throws StudioError image/encode-failed */
  encode(picture: Blob, format: PictureFormat): Promise<Blob> {
    return this.#doors.engine.encode(picture, format);
  }

  /** What another tab erased, and with it this tab's photos and results. */
  get erasedElsewhere(): EraseReach | null {
    return this.#erasedElsewhere;
  }

  /** The vault's state, whose code comes when first asked for. @throws where it does not come */
  kept(): Promise<Kept> {
    const { keeping } = this;
    const { vault, announcements } = this.#doors;
    const now = () => Date.now();
    this.#kept ??= import('./kept.svelte').then(
      ({ Kept }) => new Kept({ vault, announcements, keeping, now }),
    );
    return this.#kept;
  }

  /** What was made from prompts, where that room was opened. */
  get creation(): Creation | null {
    return this.#creation;
  }

  /** As `kept`. */
  openCreation(): Promise<Creation> {
    const { drawing, startup, shelf, aiMarks, choices } = this;
    const { engine } = this.#doors;
    const recorder = this.#recorder;
    this.#creating ??= import('./creation.svelte').then(({ Creation }) => {
      return (this.#creation = new Creation({
        ...{ engine, drawing, startup, shelf, recorder, aiMarks, choices },
        wall: this.wall,
      }));
    });
    return this.#creating;
  }

  /** The chat about pictures, where that room was opened. */
  get asking(): Asking | null {
    return this.#asking;
  }

  /** As `kept`. */
  openAsking(): Promise<Asking> {
    const { drawing, startup, shelf, wall } = this;
    const { engine, library } = this.#doors;
    const recorder = this.#recorder;
    this.#openAsking ??= Promise.all([import('./asking.svelte'), import('../jobs/open-pdf')]).then(
      ([{ Asking }, { openPdf }]) => {
        return (this.#asking = new Asking({
          ...{ engine, drawing, startup, shelf, recorder, wall },
          openPdf: () => openPdf(library),
        }));
      },
    );
    return this.#openAsking;
  }

  /** As `kept`. */
  stores(): Promise<Stores> {
    const { keeping } = this;
    const { vault, announcements, pageStores: page } = this.#doors;
    const letGo = (reach: EraseReach) => this.#letGo(reach);
    const erased = () => this.#lookAtKept();
    const now = () => Date.now();
    this.#stores ??= import('./stores.svelte').then(
      ({ Stores }) => new Stores({ vault, announcements, keeping, page, letGo, erased, now }),
    );
    return this.#stores;
  }

  /** Where it is shown. */
  #lookAtKept(): void {
    void this.#kept?.then((kept) => kept.recount());
  }

  /** Before an erase: a job ends, pictures and keys leave memory; with everything no picture is taken in after. */
  #letGo(reach: EraseReach): void {
    this.studio.clearAll();
    this.#creation?.clearAll();
    this.#asking?.clearAll();
    this.#doors.engine.close();
    // Before the vault's worker ends: a download that stops is an event of the audit log, which that worker writes.
    if (reach !== 'kept') this.#doors.library.close();
    this.#doors.vault.end();
    void this.#kept?.then((kept) => kept.letGo());
    this.wall.forgetLedger();
    this.ledger.clear();
    if (reach !== 'kept') this.wall.fall();
  }
}
