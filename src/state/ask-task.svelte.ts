/** What is to be done with a picture beside talking about it: the tabs of `#/ask`, and what each of them asks for. */
import { parseSchema } from '../pipelines/vision-language/grammar/schema';
import { withBoxes } from '../pipelines/vision-language/tasks/extract/pointing';
import { extractPrompt } from '../pipelines/vision-language/tasks/extract/prompt';
import {
  templateFields,
  templateIds,
  templateSchema,
  type TemplateFields,
  type TemplateId,
} from '../pipelines/vision-language/tasks/extract/templates';
import { readForms, readPrompt, type ReadForm } from '../pipelines/vision-language/tasks/read/prompt';
import { wordsSchema } from '../pipelines/vision-language/tasks/read/words';
import { stepsPrompt, stepsSchema } from '../pipelines/vision-language/tasks/steps/steps';
import type { Language } from './settings.svelte';

export type AskTab = 'ask' | 'read' | 'extract' | 'steps';
/** `own` is the visitor's own schema. */
export type SchemaChoice = TemplateId | 'own';

interface Asked {
  /** What the model is told beside the picture. */
  readonly prompt: string;
  /** Holds the answer to its form. */
  readonly schema?: unknown;
}

/** One thing asked for, as its answer will be read. */
export type AskTask = Asked &
  (
    | { readonly tab: 'ask' }
    | { readonly tab: 'read'; readonly form: ReadForm }
    | {
        readonly tab: 'extract';
        readonly choice: SchemaChoice;
        readonly fields: TemplateFields | null;
        readonly pointed: boolean;
      }
    | { readonly tab: 'steps'; readonly instruction: string }
  );

export class TaskForm {
  readonly tabs: readonly AskTab[] = ['ask', 'read', 'extract', 'steps'];
  readonly readForms = readForms;
  readonly schemaChoices: readonly SchemaChoice[] = [...templateIds, 'own'];
  #tab = $state<AskTab>('ask');
  #readForm = $state<ReadForm>('plain');
  #schemaChoice = $state<SchemaChoice>('invoice');
  #ownSchema = $state('');
  #points = $state(false);

  get tab(): AskTab {
    return this.#tab;
  }

  set tab(tab: AskTab) {
    this.#tab = tab;
  }

  get readForm(): ReadForm {
    return this.#readForm;
  }

  set readForm(form: ReadForm) {
    this.#readForm = form;
  }

  get schemaChoice(): SchemaChoice {
    return this.#schemaChoice;
  }

  set schemaChoice(choice: SchemaChoice) {
    this.#schemaChoice = choice;
  }

  get ownSchema(): string {
    return this.#ownSchema;
  }

  set ownSchema(text: string) {
    this.#ownSchema = text;
  }

  /** Each value is asked for with its place in the picture. */
  get points(): boolean {
    return this.#points;
  }

  set points(points: boolean) {
    this.#points = points;
  }

  clear(): void {
    this.#ownSchema = '';
  }

  /** @throws StudioError schema/invalid where the visitor's own is no JSON or no schema */
  task(text: string, language: Language): AskTask {
    if (this.#tab === 'read') {
      const form = this.#readForm;
      const schema = form === 'words' && { schema: wordsSchema };
      return { tab: 'read', form, prompt: readPrompt(form, language), ...schema };
    }
    if (this.#tab === 'extract') {
      const choice = this.#schemaChoice;
      const fields = choice === 'own' ? null : templateFields(choice, language);
      const plain = fields ? templateSchema(fields) : parseSchema(this.#ownSchema);
      const schema = this.#points ? withBoxes(plain) : plain;
      const prompt = extractPrompt(schema, language, text);
      return { tab: 'extract', choice, fields, pointed: this.#points, prompt, schema };
    }
    if (this.#tab === 'steps') {
      return { tab: 'steps', instruction: text, prompt: stepsPrompt(text, language), schema: stepsSchema };
    }
    return { tab: 'ask', prompt: text };
  }
}
