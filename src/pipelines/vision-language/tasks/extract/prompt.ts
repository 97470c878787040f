/** What is asked of the model to fill a form, in the words of the form's language. */
import { spelled } from '../../grammar/json-text';
import type { TemplateLanguage } from './templates';

/** The schema stands in the question: held to a form it has not read, a model fills it worse. */
export function extractPrompt(schema: unknown, language: TemplateLanguage, wish = ''): string {
  const asked = wish.trim() === '' ? '' : `\n${wish.trim()}`;
  if (language === 'zh') {
    return `读取图片，按下面的 JSON Schema 填写并只输出 JSON。内容照图片上印的原样抄写，图片上没有的填 null，不要猜测。${asked}\n${spelled(schema)}`;
  }
  return (
    'Read the picture and answer with JSON alone that fits the JSON Schema below. Copy values exactly as they are ' +
    `printed; where the picture does not have one, write null. Do not guess.${asked}\n${spelled(schema)}`
  );
}
