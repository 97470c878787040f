/** A failure said in one plain sentence; the command line prints it, without a stack, and ends with 1. */
export class PlainError extends Error {}
