/** The library's script again under the name of one model: the worker made from it has that model's grant. */
export function grantScript(libraryScript: string, cardId: string): string {
  return libraryScript.replace('engine/library-', `engine/grant-${cardId}-`);
}
