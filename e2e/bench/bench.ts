/** `npm run bench [-- NAME]`: measurements as JSON lines `{bench, metric, value, unit, against, ratio}`. */
import { PlainError } from '../../src/cli/plain-error';
import { benchAsk } from './ask';
import { benchBuiltin } from './builtin';
import { benchCartoon } from './cartoon';
import { benchCreate } from './create';
import { benchNeeds } from './needs';
import { benchDownload, benchLoad } from './library';

export interface Measurement {
  readonly bench: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  /** What it is compared with, measured in the same run. */
  readonly against?: string;
  readonly ratio?: number;
}

const benches: Record<string, () => AsyncGenerator<Measurement>> = {
  cartoon: benchCartoon,
  builtin: benchBuiltin,
  create: benchCreate,
  ask: benchAsk,
  needs: benchNeeds,
  download: benchDownload,
  load: benchLoad,
};

const [asked] = process.argv.slice(2);
const chosen = asked === undefined ? Object.keys(benches) : [asked];
for (const name of chosen) {
  const bench = benches[name];
  if (!bench) {
    console.error(`There is no bench "${name}". There is: ${Object.keys(benches).join(', ')}.`);
    process.exit(1);
  }
  try {
    for await (const measurement of bench()) {
      console.log(JSON.stringify({ against: null, ratio: null, ...measurement }));
    }
  } catch (thrown) {
    if (!(thrown instanceof PlainError)) throw thrown;
    console.error(thrown.message);
    process.exitCode = 1;
  }
}
