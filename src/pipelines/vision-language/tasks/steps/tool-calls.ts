/**
 * Steps as Qwen's own tool calls, `computer_use` on a screen of 1000 × 1000 (QwenLM/Qwen3-VL@96588727
 * cookbooks/utils/agent_function_call.py): points instead of boxes, and a click before typing.
 */
import { wholeSide, type Size } from '../grounding';
import type { ScreenStep } from './steps';

interface Call {
  readonly action: string;
  readonly coordinate?: readonly [number, number];
  readonly text?: string;
  readonly keys?: readonly string[];
  readonly pixels?: number;
  readonly time?: number;
}

const scrollPixels = 500;
const waitSeconds = 1;

export function toToolCalls(steps: readonly ScreenStep[], size: Size): string {
  return steps
    .flatMap((step) => callsOf(step, size))
    .map((call) => `<tool_call>\n${JSON.stringify({ name: 'computer_use', arguments: call })}\n</tool_call>`)
    .join('\n');
}

function callsOf(
  { action, bbox: [left, top, right, bottom], value }: ScreenStep,
  { width, height }: Size,
): readonly Call[] {
  const coordinate = [
    Math.round(((left + right) / 2 / width) * wholeSide),
    Math.round(((top + bottom) / 2 / height) * wholeSide),
  ] as const;
  const click = { action: 'left_click', coordinate };
  switch (action) {
    case 'click':
      return [click];
    case 'select':
    case 'type':
      return value === undefined ? [click] : [click, { action: 'type', text: value }];
    case 'double_click':
    case 'right_click':
      return [{ action, coordinate }];
    case 'press_key':
      return value === undefined
        ? []
        : [{ action: 'key', keys: [value.trim().toLowerCase().replace(' ', '')] }];
    case 'scroll': {
      const direction = value?.trim().toLowerCase() ?? 'down';
      const isAcross = direction === 'left' || direction === 'right';
      const isBack = direction === 'up' || direction === 'left';
      // Positive is up, as the tool has it.
      const pixels = isAcross
        ? isBack
          ? -scrollPixels
          : scrollPixels
        : isBack
          ? scrollPixels
          : -scrollPixels;
      return [{ action: isAcross ? 'hscroll' : 'scroll', coordinate, pixels }];
    }
    case 'wait':
      return [{ action: 'wait', time: waitSeconds }];
  }
}
