/** A failure said in one plain sentence; the command line prints it, without a stack, and ends with 1. */
export class PlainError extends Error {}

/** Null for what is no failure of the asker's, which is thrown on. */
type PlainWords = (thrown: unknown) => string | null;

const ofPlainError: PlainWords = (thrown) => (thrown instanceof PlainError ? thrown.message : null);

/** Runs a command to its end; a number that `main` gives is the exit status. */
export async function runCommand(
  main: () => Promise<unknown>,
  plainWords: PlainWords = ofPlainError,
): Promise<void> {
  try {
    const status = await main();
    if (typeof status === 'number') process.exitCode = status;
  } catch (thrown) {
    const words = plainWords(thrown);
    if (words === null) throw thrown;
    console.error(words);
    process.exitCode = 1;
  }
}
