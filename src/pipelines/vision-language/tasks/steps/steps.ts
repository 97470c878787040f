/** What to do on a screenshot, as a list: the form the model is held to, and what becomes of its answer. */
import { confidenceOf, valueSpans, type WrittenToken } from '../confidence';
import { isRecord } from '../extract/values';
import { boxSchema, pixelBox, type Size } from '../grounding';

export const actions = [
  'click',
  'double_click',
  'right_click',
  'type',
  'select',
  'press_key',
  'scroll',
  'wait',
] as const;
export type Action = (typeof actions)[number];

const elementTypes = [
  ...([
    'button',
    'link',
    'text_field',
    'checkbox',
    'radio_button',
    'dropdown',
    'menu',
    'menu_item',
    'tab',
  ] as const),
  ...(['icon', 'image', 'list_item', 'switch', 'slider', 'window', 'other'] as const),
];

/** The values that need not stand in the instruction. */
const keys = [
  'Enter',
  'Tab',
  'Escape',
  'Backspace',
  'Delete',
  'Space',
  'Up',
  'Down',
  'Left',
  'Right',
  'Page Up',
  'Page Down',
  'Home',
  'End',
];
const directions = ['up', 'down', 'left', 'right'];

export const stepsSchema = {
  type: 'object',
  properties: {
    steps: {
      type: 'array',
      maxItems: 40,
      items: {
        type: 'object',
        properties: {
          action: { enum: actions },
          element_type: { enum: elementTypes },
          label: { type: 'string' },
          bbox_2d: boxSchema,
          value: { type: ['string', 'null'] },
        },
        required: ['action', 'element_type', 'label', 'bbox_2d', 'value'],
        additionalProperties: false,
      },
    },
  },
  required: ['steps'],
  additionalProperties: false,
} as const;

export interface ScreenStep {
  readonly action: Action;
  readonly element_type: string;
  readonly label: string;
  /** Left, top, right, bottom in the screenshot's own pixels. */
  readonly bbox: readonly [number, number, number, number];
  readonly value?: string;
  /** See confidence.ts; null where it was not measured. */
  readonly confidence: number | null;
}

/** What product.md promises of the metadata; every one derived from a record, `unknown` where that does not say. */
export interface StepsMetadata {
  readonly model_version: string;
  readonly local_execution: boolean | 'unknown';
  readonly data_uploaded: boolean | 'unknown';
  readonly input_saved: boolean | 'unknown';
}

export interface StepsEnvelope {
  readonly task: string;
  readonly steps: readonly ScreenStep[];
  readonly metadata: StepsMetadata;
}

export interface ReadSteps {
  readonly steps: readonly ScreenStep[];
  /** Steps whose value the model made up, by their place in the list: it was left out. */
  readonly inventedValues: readonly number[];
}

export function stepsPrompt(instruction: string, language: 'en' | 'zh'): string {
  const task = instruction.trim();
  if (language === 'zh') {
    return `这是一张屏幕截图。列出完成下面任务的操作步骤，只输出 JSON；bbox_2d 用 0 到 1000 的相对坐标。value 只能取自任务原文（按键名和滚动方向除外），没有就填 null，绝不编造密码等内容。\n任务：${task}`;
  }
  return (
    'This is a screenshot. List the actions that carry out the task below, as JSON alone; bbox_2d is relative, 0 to 1000. ' +
    'A value may only be taken from the task itself (but for the names of keys and directions of scrolling); otherwise it ' +
    `is null. Never make one up, least of all a password.\nTask: ${task}`
  );
}

/** `tokens` are those of `answer`, in order. Nothing for what does not fit the form. */
export function readSteps(
  answer: string,
  { instruction, size, tokens }: { instruction: string; size: Size; tokens: readonly WrittenToken[] },
): ReadSteps {
  const spans = valueSpans(answer);
  if (spans.length === 0) return { steps: [], inventedValues: [] };
  const whole: unknown = JSON.parse(answer);
  const said: unknown = isRecord(whole) ? whole['steps'] : null;
  if (!Array.isArray(said)) return { steps: [], inventedValues: [] };
  const inventedValues: number[] = [];
  const steps = said.flatMap((each: unknown, index): ScreenStep[] => {
    if (!isRecord(each)) return [];
    const box = pixelBox(each['bbox_2d'], size);
    const action = actions.find((known) => known === each['action']);
    const { element_type: elementType, label, value } = each;
    if (!box || !action || typeof elementType !== 'string' || typeof label !== 'string') return [];
    const confidence = confidenceOf(
      tokens,
      spans.filter(({ path }) => path[0] === 'steps' && path[1] === index),
    );
    const isTold = typeof value === 'string' && mayStand(value, { action, instruction });
    if (typeof value === 'string' && value !== '' && !isTold) inventedValues.push(index);
    return [
      {
        action,
        element_type: elementType,
        label,
        bbox: [box.left, box.top, box.right, box.bottom],
        ...(isTold ? { value } : {}),
        confidence: confidence === null ? null : Math.round(confidence * 1000) / 1000,
      },
    ];
  });
  return { steps, inventedValues };
}

/** Letters and spaces are compared as one types them: without regard to width or the length of gaps. */
function mayStand(value: string, { action, instruction }: { action: Action; instruction: string }): boolean {
  if (action === 'press_key') return keys.some((key) => key.toLowerCase() === value.trim().toLowerCase());
  if (action === 'scroll') return directions.includes(value.trim().toLowerCase());
  const plain = (text: string) => text.normalize('NFKC').replace(/\s+/g, ' ').trim();
  return plain(value) !== '' && plain(instruction).includes(plain(value));
}
