/** Keys that act from anywhere on the page, except while somebody types or chooses. */

export type KeyAction =
  | 'fit'
  | 'full'
  | 'zoom-in'
  | 'zoom-out'
  | 'toggle'
  | 'choose'
  | 'next'
  | 'previous'
  | 'start'
  | 'save'
  | 'help';

const plain: Record<string, KeyAction> = {
  '0': 'fit',
  '1': 'full',
  '+': 'zoom-in',
  '=': 'zoom-in',
  '-': 'zoom-out',
  '\\': 'toggle',
  o: 'choose',
  j: 'next',
  k: 'previous',
  '?': 'help',
};

const withControl: Record<string, KeyAction> = { Enter: 'start', s: 'save' };

interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

export function actionOf({ key, ctrlKey, metaKey, altKey }: Press): KeyAction | null {
  if (altKey) return null;
  if (ctrlKey || metaKey) return withControl[key] ?? null;
  return plain[key] ?? plain[key.toLowerCase()] ?? null;
}

/** Somebody is typing or choosing there, or a dialog is open. */
export function keysAreTaken(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]')) return true;
  return (
    target instanceof Element &&
    target.closest('input:not([type="radio"], [type="checkbox"], [type="file"]), select, textarea') !== null
  );
}

/** Space presses what has the focus; elsewhere it is free to be held. */
export function spaceIsTaken(target: EventTarget | null): boolean {
  return (
    keysAreTaken(target) ||
    (target instanceof Element && target.closest('button, a, input, summary, label') !== null)
  );
}
