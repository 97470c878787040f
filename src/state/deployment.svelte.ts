/** What this deployment's administrator set; read once, for the page's life. */
import { unreadDeployment, type Deployment } from '../privacy/deployment';

export class DeploymentState {
  readonly #ask: () => Promise<Deployment>;
  #settings = $state.raw<Deployment>(unreadDeployment);
  #known = $state(false);

  constructor(askDeployment: () => Promise<Deployment>) {
    this.#ask = askDeployment;
  }

  get settings(): Deployment {
    return this.#settings;
  }

  /** Until then nothing is done that it may forbid. */
  get known(): boolean {
    return this.#known;
  }

  /** @throws StudioError deployment/invalid, network/* */
  async read(): Promise<void> {
    this.#settings = await this.#ask();
    this.#known = true;
  }
}
