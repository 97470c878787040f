/** What this deployment's administrator set; read once, for the page's life. */
import { unreadDeployment, type Deployment } from '../privacy/deployment';

export class DeploymentState {
  readonly #fetch: () => Promise<Deployment>;
  #settings = $state.raw<Deployment>(unreadDeployment);

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
