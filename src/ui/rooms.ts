/** What each room looks like in the list of rooms, and where its page is. All but the first are fetched when opened. */
import type { Component } from 'svelte';
import type { Room } from '../state/route.svelte';
import type { IconName } from './parts/icons';

export const roomIcons: Record<Room, IconName> = {
  cartoon: 'portrait',
  create: 'create',
  ask: 'ask',
  models: 'models',
  kept: 'vault',
  privacy: 'shield',
};

export type RoomOpenedLater = Exclude<Room, 'cartoon'>;

export const openRoom: Record<RoomOpenedLater, () => Promise<{ default: Component }>> = {
  create: () => import('./create/CreatePage.svelte'),
  ask: () => import('./ask/AskPage.svelte'),
  models: () => import('./library/ModelsPage.svelte'),
  kept: () => import('./kept/KeptPage.svelte'),
  privacy: () => import('./privacy/PrivacyPage.svelte'),
};
