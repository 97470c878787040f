const directions: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Right and down are positive; null for any other key. */
export function arrowOf({ key }: Pick<KeyboardEvent, 'key'>): readonly [number, number] | null {
  return directions[key] ?? null;
}
