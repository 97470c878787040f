/** What this deployment's administrator set: nothing until it is read, and then it stays for the page's life. */
import { openDeployment, type Deployment } from '../privacy/deployment';

export class DeploymentState {
  readonly #fetch: () => Promise<Deployment>;
  #settings = $state.raw<Deployment>(openDeployment);

  constructor(fetchDeployment: () => Promise<Deployment>) {
    this.#fetch = fetchDeployment;
  }

  get settings(): Deployment {
    return this.#settings;
  }

  /** @throws StudioError deployment/invalid, network/* */
  async read(): Promise<void> {
    this.#settings = await this.#fetch();
  }
}
