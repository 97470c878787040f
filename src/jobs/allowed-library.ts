/** The library as a deployment allows it: what is not allowed is neither listed, fetched nor taken in. */
import { StudioError } from '../base/errors';
import type { ModelCard } from '../models/model';
import { cardById } from '../library/catalog';
import { filesOf } from '../models/files';
import { foreignFiles } from '../models/remote';
import type { Deployment } from '../privacy/deployment';
import type { Library } from './library-bridge';

type Rules = Deployment['models'];

/** `rules` is asked at every call: a deployment's settings come after the library is made. */
export function allowedLibrary(library: Library, rules: () => Rules): Library {
  const refuse = (model: string) => Promise.reject(new StudioError('model/not-allowed', { model }));
  return {
    ...library,
    async list() {
      const entries = await library.list();
      return entries.filter(
        ({ card, state }) => isAllowed(card, rules()) && (state === 'ready' || mayCome(card, rules())),
      );
    },
    get(card, report) {
      const may = isAllowed(card, rules()) && mayCome(card, rules());
      return may ? library.get(card, report) : refuse(card.id);
    },
    async importModels(files) {
      if (!rules().import) return refuse(files[0]?.name ?? '');
      const cards = await library.importModels(files);
      const refused = cards.filter((card) => !isAllowed(card, rules()));
      // What a file is, is known only once it has been read.
      for (const { id } of refused) await library.remove(id);
      return refused.length > 0 ? refuse(refused.map(({ id }) => id).join(', ')) : cards;
    },
  };
}

/** What ships with the app is the deployment's own choice already. */
function isAllowed(card: ModelCard, { allowed }: Rules): boolean {
  if (card.builtIn || allowed === null || allowed.includes(card.id)) return true;
  // One that is fetched in its makers' form, and converted, is the model of which the catalogue names the hash.
  const forms = [card, cardById(card.id) ?? card];
  return forms.some((form) => filesOf(form).every(({ sha256 }) => allowed.includes(sha256)));
}

function mayCome(card: ModelCard, { from }: Rules): boolean {
  return from === 'anywhere' || foreignFiles(card).length === 0;
}
