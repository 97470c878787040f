/** `npm run test:long` runs the long samples too. */
export const isLong = process.env.LONG === '1';
