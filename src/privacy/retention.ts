/** What a visitor chooses: how long an item is kept, and a passphrase. */

/** Longest first. A session lasts while any tab of the app is open. */
export const retentions = ['until-deleted', 'month', 'day', 'session'] as const;
export type Retention = (typeof retentions)[number];

/** Shorter passphrases are not taken. */
export const leastPassphraseLength = 10;

/** The longest that a deployment lets anything be kept. */
export type RetentionLimit = 'nothing' | Retention;

/** What a visitor may choose from, within the limit; the longest is the first. */
export function retentionsWithin(limit: RetentionLimit): readonly Retention[] {
  return limit === 'nothing' ? [] : retentions.slice(retentions.indexOf(limit));
}

const dayMs = 24 * 60 * 60 * 1000;

/** Milliseconds since 1970; null where no hour is set. */
export function expiryOf(retention: Retention, now: number): number | null {
  if (retention === 'day') return now + dayMs;
  return retention === 'month' ? now + 30 * dayMs : null;
}

interface Kept {
  readonly keptAt: number;
  readonly retention: Retention;
  readonly expiresAt: number | null;
}

/** The same item within the limit, or null where it may not be kept at all. The limit counts from when it was kept. */
export function withinLimit<Item extends Kept>(item: Item, limit: RetentionLimit): Item | null {
  if (limit === 'nothing') return null;
  const isWithin = retentionsWithin(limit).includes(item.retention);
  const hours = [item.expiresAt, expiryOf(limit, item.keptAt)].flatMap((hour) => hour ?? []);
  const expiresAt = hours.length > 0 ? Math.min(...hours) : null;
  return { ...item, retention: isWithin ? item.retention : limit, expiresAt };
}
