/** Where the visitor is. The hash is the only address: no path of ours ever reaches a server. */
export const rooms = ['cartoon', 'create', 'ask', 'models', 'kept', 'privacy'] as const;
export type Room = (typeof rooms)[number];

export class Route {
  #room = $state<Room>('cartoon');

  get room(): Room {
    return this.#room;
  }

  /** Takes over a `location.hash` such as `#/models`; an unknown one is the first room. */
  follow(hash: string): void {
    this.#room = rooms.find((room) => hash === `#/${room}` || hash.startsWith(`#/${room}?`)) ?? 'cartoon';
  }
}
