/**
 * The foundry's graphs and this pipeline's maths on onnxruntime-web, against Hugging Face's own Qwen3-VL:
 * foundry/reference/qwen3_vl.py made the same miniatures from the same seeds and wrote down what they see and say.
 * Each mutant at the end breaks one thing between the two, and is seen.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openNodeSession } from '../../../build/node-session';
import { memorySource } from '../../base/byte-source';
import type { Precision } from '../../foundry/layers';
import {
  memoryFolder,
  memorySink,
  miniatureFolder,
  noise,
  seededWeights,
  seedOf,
  tensorDims,
} from '../../foundry/miniature';
import { buildQwen3Vl } from '../../foundry/qwen3-vl';
import { readQwen3VlConfig } from '../../foundry/qwen3-vl-config';
import type { HoldingSession, Tensor } from '../../runtime/runtime';
import { Conversation } from './decode';
import { openEmbeddings } from './embed';
import { readModelFacts, type ModelFacts } from './model-facts';
import { rotaryTables, tokenPositions, type Grid } from './positions';
import { lookAt } from './vision';

interface Expected {
  features?: string;
  deepstack?: string[];
  positions: number[][] | null;
  ropeDelta: number;
  tokens: number[];
  firstLogits: string;
  lastLogits: string;
}

interface Reference {
  config: object;
  weights: string;
  f32: Record<string, Expected>;
  q4: Record<string, Expected>;
}

/** As in reference/qwen3_vl.py: text runs by length, pictures by their grid of patches. */
const cases: Record<string, readonly (number | readonly [number, number])[]> = {
  'one-picture': [5, [4, 6], 9],
  pictures: [3, [6, 10], 4, [8, 2], [4, 4], 7],
  'long-text': [700],
};
const answerTokens = 64;
const signal = new AbortController().signal;

function reference(label: string): Reference {
  const file = resolve(import.meta.dirname, `../../foundry/reference/qwen3-vl-${label}.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as Reference;
}

function inputOf(label: string, name: string): { ids: number[]; grids: Grid[] } {
  const grids: Grid[] = [];
  const ids = cases[name]!.flatMap((run, index) => {
    if (typeof run === 'number') {
      return [...noise(seedOf(`${label}/${name}/${index}`), run)].map((n) => (n + 510) % 490);
    }
    const [height, width] = run;
    grids.push({ height, width });
    return [501, ...Array<number>((height * width) / 4).fill(500), 502];
  });
  return { ids, grids };
}

/** The worst difference, of the largest value that was expected. */
function error(found: Float32Array, packed: string): number {
  const wanted = new Float32Array(new Uint8Array(Buffer.from(packed, 'base64')).buffer);
  expect(found.length).toBe(wanted.length);
  const most = wanted.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return wanted.reduce((worst, value, i) => Math.max(worst, Math.abs(value - found[i]!)), 0) / most;
}

/** Changes what a session is fed. */
type Meddle = (feeds: Record<string, Tensor>, facts: ModelFacts) => Record<string, Tensor>;

interface Mutant {
  readonly vision?: Meddle;
  readonly decoder?: Meddle;
  readonly swapped?: boolean;
}

class Model {
  private constructor(
    readonly label: string,
    readonly facts: ModelFacts,
    readonly files: ReadonlyMap<string, Uint8Array>,
    readonly vision: HoldingSession,
    readonly decoder: HoldingSession,
  ) {}

  static async build(label: string, precision: Precision): Promise<Model> {
    const source = miniatureFolder(JSON.stringify(reference(label).config), seededWeights(label), 2);
    const files = new Map<string, Uint8Array>();
    await buildQwen3Vl(memoryFolder(source), memorySink(files), { precision, signal });
    const facts = readModelFacts(new TextDecoder().decode(files.get('model.json')));
    const open = (part: string) =>
      openNodeSession(files.get(`${part}.onnx`)!, new Map([[`${part}-0.bin`, files.get(`${part}-0.bin`)!]]));
    return new Model(label, facts, files, await open('vision'), await open('decoder'));
  }

  async see(name: string, mutant: Mutant = {}) {
    const { vision } = this.facts;
    const { grids } = inputOf(this.label, name);
    const length = vision.channels * vision.temporalPatch * vision.patch ** 2;
    const count = grids.reduce((sum, { height, width }) => sum + height * width, 0);
    const pixels = Float32Array.from(
      noise(seedOf(`${this.label}/${name}/pixels`), count * length),
      (n) => n / 510,
    );
    const pictures = [];
    let at = 0;
    for (const { height, width } of grids) {
      const values = pixels.subarray(at, (at += height * width * length));
      const grid = mutant.swapped ? { height: width, width: height } : { height, width };
      const seen = await lookAt(meddled(this.vision, this.facts, mutant.vision), { grid, values }, vision);
      pictures.push({ ...seen, grid: { height, width }, key: `${at}` });
    }
    return pictures;
  }

  /** Greedy tokens, with the logits of the first and the last. */
  async say(name: string, mutant: Mutant = {}) {
    const pictures = await this.see(name, mutant);
    const { ids } = inputOf(this.label, name);
    const session = meddled(this.decoder, this.facts, mutant.decoder);
    const embeddings = openEmbeddings(this.facts.embeddings!, (file) => memorySource(this.files.get(file)!));
    const parts = { session, embeddings, facts: this.facts };
    const conversation = await Conversation.open(parts, ids.length + answerTokens);
    const reading = conversation.read(ids, pictures, signal);
    let step = await reading.next();
    while (!step.done) step = await reading.next();
    const firstLogits = step.value.logits;
    let lastLogits = firstLogits;
    const tokens: number[] = [];
    for (;;) {
      tokens.push(lastLogits.indexOf(lastLogits.reduce((most, value) => Math.max(most, value))));
      if (tokens.length === answerTokens) return { tokens, firstLogits, lastLogits };
      lastLogits = await conversation.next(tokens.at(-1)!);
    }
  }
}

function meddled(
  session: HoldingSession,
  facts: ModelFacts,
  meddle: Meddle = (feeds) => feeds,
): HoldingSession {
  return {
    ...session,
    run: (feeds) => session.run(meddle({ ...feeds }, facts)),
    runInto: (feeds, into) => session.runInto(meddle({ ...feeds } as Record<string, Tensor>, facts), into),
  };
}

const models = new Map<string, Promise<Model>>();
function model(label: string, precision: Precision): Promise<Model> {
  const key = `${label} ${precision}`;
  models.set(key, models.get(key) ?? Model.build(label, precision));
  return models.get(key)!;
}

const joined = (lists: readonly Float32Array[]) => Float32Array.from(lists.flatMap((list) => [...list]));

describe.each(['tied', 'untied'])('%s', (label) => {
  test('both languages make the same weights', () => {
    const config = readQwen3VlConfig(JSON.stringify(reference(label).config));
    const weights = seededWeights(label);
    const hash = createHash('sha256');
    for (const [name, dims] of [...tensorDims(config)].sort(([a], [b]) => (a < b ? -1 : 1))) {
      hash.update(name).update(new Uint8Array(weights(name, dims).buffer));
    }
    expect(hash.digest('hex')).toBe(reference(label).weights);
  });

  test.each(Object.keys(cases))('%s: every token stands where the reference puts it', (name) => {
    const { positions, ropeDelta } = reference(label).f32[name]!;
    const { ids, grids } = inputOf(label, name);
    const { rows, delta } = tokenPositions(ids, grids, { imageToken: 500, merge: 2 });
    expect(delta).toBe(ropeDelta);
    const plain = [...ids.keys()];
    expect([...rows]).toEqual((positions ?? [plain, plain, plain]).flat());
  });

  test.each([
    ['f32', 1e-4],
    ['q4', 1e-3],
  ] as const)('%s sees and says what the reference does', { timeout: 60_000 }, async (precision, most) => {
    const own = await model(label, precision);
    for (const [name, expected] of Object.entries(reference(label)[precision])) {
      const pictures = await own.see(name);
      if (expected.features !== undefined) {
        expect(error(joined(pictures.map(({ features }) => features)), expected.features), name).toBeLessThan(
          most,
        );
      }
      for (const [k, list] of (expected.deepstack ?? []).entries()) {
        const found = joined(pictures.map(({ deepstack }) => deepstack[k]!));
        expect(error(found, list), `${name} ${k}`).toBeLessThan(most);
      }
      const { tokens, firstLogits, lastLogits } = await own.say(name);
      expect(error(firstLogits, expected.firstLogits), name).toBeLessThan(most);
      expect(tokens).toEqual(expected.tokens);
      expect(error(lastLogits, expected.lastLogits), name).toBeLessThan(most);
      expect(new Set(tokens).size).toBeGreaterThanOrEqual(30);
    }
  });

  test('in half precision it sees and says the same to a hundredth', { timeout: 60_000 }, async () => {
    const own = await model(label, 'f16');
    const expected = reference(label).f32['pictures']!;
    const pictures = await own.see('pictures');
    expect(error(joined(pictures.map(({ features }) => features)), expected.features!)).toBeLessThan(1e-2);
    const { firstLogits } = await own.say('pictures');
    expect(error(firstLogits, expected.firstLogits)).toBeLessThan(1e-2);
  });

  const { ids, grids } = inputOf(label, 'pictures');
  const picture = { imageToken: 500, merge: 2 };
  /** Angles of other positions, or otherwise put together. */
  const turned = (tables: (past: number, count: number, facts: ModelFacts) => object): Meddle => {
    return (feeds, facts) => {
      const [count = 0, half = 0] = feeds['cos']!.dims;
      const past = feeds['seqlens_k']!.data[0]! as number;
      for (const [name, data] of Object.entries(tables(past + 1 - count, count, facts))) {
        feeds[name] = { type: 'float32', dims: [count, half], data: data as Float32Array };
      }
      return feeds;
    };
  };
  const mutants: Record<string, Mutant & { readonly later?: boolean }> = {
    'without DeepStack': {
      decoder: (feeds) => {
        for (const name of Object.keys(feeds).filter((each) => each.startsWith('deepstack_'))) {
          const { dims, data } = feeds[name]!;
          feeds[name] = { type: 'float32', dims, data: new Float32Array(data.length) };
        }
        return feeds;
      },
    },
    'with the frequencies of time, height and width side by side': {
      decoder: turned((past, count, { text }) => {
        if (past > 0) return {};
        const { rows } = tokenPositions(ids, grids, picture);
        const [times = 0, heights = 0] = text.ropeSections;
        const half = text.headSize / 2;
        const cos = new Float32Array(count * half);
        const sin = new Float32Array(count * half);
        for (let at = 0; at < count; at++) {
          for (let i = 0; i < half; i++) {
            const axis = i < times ? 0 : i < times + heights ? 1 : 2;
            const angle = rows[axis * ids.length + at]! / text.ropeTheta ** (i / half);
            [cos[at * half + i], sin[at * half + i]] = [Math.cos(angle), Math.sin(angle)];
          }
        }
        return { cos, sin };
      }),
    },
    'with answers that go on where the row of tokens ends': {
      later: true,
      decoder: turned((past, count, { text }) =>
        past < ids.length ? {} : rotaryTables(Int32Array.of(past, past, past), [0, count], text),
      ),
    },
    'with height and width exchanged': { swapped: true },
  };

  test.each(Object.keys(mutants))('%s it is another model, and is seen to be', async (name) => {
    const own = await model(label, 'f32');
    const { later = false, ...mutant } = mutants[name]!;
    const expected = reference(label).f32['pictures']!;
    const { tokens, firstLogits } = await own.say('pictures', mutant);
    expect(tokens).not.toEqual(expected.tokens);
    if (later) expect(error(firstLogits, expected.firstLogits)).toBeLessThan(1e-4);
    else expect(error(firstLogits, expected.firstLogits)).toBeGreaterThan(1e-2);
  });
});
