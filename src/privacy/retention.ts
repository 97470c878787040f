/** What a visitor chooses: how long an item is kept, and a passphrase. A session lasts while any tab of the app is open. */
export const retentions = ['until-deleted', 'session', 'day', 'month'] as const;
export type Retention = (typeof retentions)[number];

/** Shorter passphrases are not taken. */
export const leastPassphraseLength = 10;

const dayMs = 24 * 60 * 60 * 1000;

/** Milliseconds since 1970; null where no hour is set. */
export function expiryOf(retention: Retention, now: number): number | null {
  if (retention === 'day') return now + dayMs;
  return retention === 'month' ? now + 30 * dayMs : null;
}
