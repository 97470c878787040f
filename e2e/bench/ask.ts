/**
 * Questions on wasm with a network of the same form as Qwen3-VL, a tenth of the 2B's width and depth but with its whole
 * vocabulary, so that the choice of a word costs what it costs there: what our own maths and the page cost beside
 * `session.run`, and a second question on the same picture against the first.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeAskingMiniature, type PublishedConfig } from '../../build/asking-miniature';
import { AskDriver, type Answered } from '../../src/cli/ask-driver';
import type { Measurement } from './bench';
import { median, round } from './figures';

const picture = resolve(import.meta.dirname, '../fixtures/dct-net/skimage_astronaut.png');
const runCount = 3;
const answerTokens = 48;
const vocabulary = 151_936;

function larger(config: PublishedConfig): PublishedConfig {
  const hidden = 512;
  const text = {
    ...{ vocab_size: vocabulary, hidden_size: hidden, intermediate_size: 1536, num_hidden_layers: 8 },
    ...{ num_attention_heads: 8, num_key_value_heads: 4, head_dim: 64 },
    rope_scaling: { rope_type: 'default', mrope_interleaved: true, mrope_section: [12, 10, 10] },
  };
  const vision = { patch_size: 16, hidden_size: 128, intermediate_size: 256, out_hidden_size: hidden };
  return {
    ...config,
    text_config: { ...config.text_config, ...text },
    vision_config: { ...config.vision_config, ...vision },
  };
}

/** The miniature's, and one token more at the end of the table: every row of it may be the next word. */
function wider(json: string): string {
  const tokenizer = JSON.parse(json) as { added_tokens: object[] };
  const last = { id: vocabulary - 1, content: '<|last|>', special: true };
  return JSON.stringify({ ...tokenizer, added_tokens: [...tokenizer.added_tokens, last] });
}

export async function* benchAsk(): AsyncGenerator<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), 'obscura-bench-'));
  const bench = 'ask';
  try {
    await writeAskingMiniature(folder, { config: larger, tokenizer: wider });
    const driver = await AskDriver.open('wasm', folder);
    try {
      await driver.choose({
        task: 'ask',
        schema: null,
        greedy: true,
        mostTokens: answerTokens,
        detail: 'usual',
      });
      const firsts: Answered[] = [];
      const seconds: Answered[] = [];
      for (let run = 0; run <= runCount; run++) {
        const first = await driver.ask(`What is this, number ${run}?`, [picture]);
        const second = await driver.ask('And why?', []);
        await driver.newChat();
        // The first of all warms up.
        if (run > 0) firsts.push(first);
        if (run > 0) seconds.push(second);
      }
      const middle = (of: readonly Answered[], read: (answered: Answered) => number) =>
        round(median(of.map(read)));
      const overhead = middle(
        seconds,
        ({ timings: { totalMs, openMs, runMs } }) => (totalMs - openMs) / runMs,
      );
      const against = 'session.run';
      yield { bench, metric: 'overhead', value: overhead, unit: '×', against, ratio: overhead };
      const perToken = middle(seconds, ({ msPerToken }) => msPerToken ?? NaN);
      yield { bench, metric: 'a token', value: perToken, unit: 'ms' };
      const [first, second] = [firsts, seconds].map((of) =>
        middle(of, ({ firstTokenMs }) => firstTokenMs ?? NaN),
      );
      const ratio = round((second ?? NaN) / (first ?? NaN));
      const metric = 'first token of a second question on the same picture';
      yield { bench, metric, value: second ?? NaN, unit: 'ms', against: 'the first question', ratio };
    } finally {
      await driver.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
