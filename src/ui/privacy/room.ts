/** What the sections of `#/privacy` have in common for as long as the room is open. */
import { createContext } from 'svelte';
import type { LeakRun } from '../../state/leak-run.svelte';

interface PrivacyRoom {
  readonly leaks: LeakRun;
}

export const [useRoom, provideRoom] = createContext<PrivacyRoom>();
