/** The production build but for a few cards, whose models lie on a hub of the tests: HUB and FAR are its origins. */
import { defineConfig, type Plugin } from 'vite';
import { obscura } from '../../vite.config';
import { hubCards } from './models';

const cards = hubCards({ hub: process.env.HUB ?? '', far: process.env.FAR ?? '' });

const replaced: Plugin = {
  name: 'obscura:hub-cards',
  enforce: 'pre',
  load(id) {
    const folder = /\/models\/([\w-]+)\/card\.ts$/.exec(id)?.[1];
    const card = folder === undefined ? undefined : cards[folder];
    return card === undefined ? null : `export const card = ${JSON.stringify(card)};`;
  },
};

export default defineConfig(obscura(replaced));
