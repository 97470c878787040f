/** Failures of models and files in one plain sentence. */
import { StudioError } from '../base/errors';
import { errorsEn } from '../ui/words/errors-en';
import { PlainError } from './plain-error';

/** In the words of the page where they are its errors; null for a fault of our own. */
export function plainWords(thrown: unknown): string | null {
  if (thrown instanceof PlainError) return thrown.message;
  if (thrown instanceof StudioError)
    return `${errorsEn[thrown.code].happened} ${JSON.stringify(thrown.details)}`;
  const { code, message } = thrown as NodeJS.ErrnoException;
  return code === undefined ? null : message;
}
