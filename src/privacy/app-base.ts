/**
 * The app's own folder as an absolute URL, on the page and in its workers alike: this module always lies one
 * folder below it (assets/ or engine/ in the build, privacy/ in development).
 */
export const appBase = new URL(/* @vite-ignore */ '../', import.meta.url).href;
