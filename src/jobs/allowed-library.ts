/** The library as a deployment allows it: what is not allowed is neither listed, fetched nor taken in. */
import { StudioError } from '../base/errors';
import type { ModelCard } from '../models/model';
import { filesOf } from '../models/files';
import { foreignFiles } from '../models/remote';
import type { Deployment } from '../privacy/deployment';
import type { Library } from './library-bridge';

type Rules = Deployment['models'];

/** `rules` is asked at every call: a deployment's settings come after the library is made. */
export function allowedLibrary(library: Library, rules: () => Rules): Library {
  const refuse = (model: string) => Promise.reject(notAllowed(model));
  return {
    ...library,
    async list() {
      const entries = await library.list();
      return entries.filter(
        ({ card, state }) => isAllowed(card, rules()) && (state === 'ready' || mayCome(card, rules())),
      );
    },
    async get(card, report) {
      if (!isAllowed(card, rules()) || !mayCome(card, rules())) return refuse(card.id);
      return library.get(card, report);
    },
    planConversion(files) {
      return rules().import ? library.planConversion(files) : refuse(files[0]?.name ?? '');
    },
    async importModels(files, report) {
      if (!rules().import) return refuse(files[0]?.name ?? '');
      const { cards, failed } = await library.importModels(files, report);
      const refused = cards.filter((card) => !isAllowed(card, rules()));
      // What a file is, is known only once it has been read.
      for (const { id } of refused) await library.remove(id);
      const [only] = refused;
      if (only && cards.length + failed.length === 1) return refuse(only.id);
      const reasons = refused.map(({ id, title }) => ({ title, error: notAllowed(id) }));
      return { cards: cards.filter((card) => !refused.includes(card)), failed: [...failed, ...reasons] };
    },
  };
}

function notAllowed(model: string): StudioError {
  return new StudioError('model/not-allowed', { model });
}

/**
 * What ships with the app is the deployment's own choice already. A hash allows this very file: not what the same
 * makers publish in another form, whose hash nobody but its host has stated.
 */
function isAllowed(card: ModelCard, { allowed }: Rules): boolean {
  if (card.builtIn || allowed === null || allowed.includes(card.id)) return true;
  return filesOf(card).every(({ sha256 }) => allowed.includes(sha256));
}

function mayCome(card: ModelCard, { from }: Rules): boolean {
  return from === 'anywhere' || foreignFiles(card).length === 0;
}
