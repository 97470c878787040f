import { obscuraCartoonCard } from '../obscura-cartoon';

export const card = obscuraCartoonCard('handdrawn', 'Hand-drawn', {
  bytes: 1_243_050,
  sha256: 'cef1a89cca48995bc97656e5f58dcedabec96c5dcc2276054a13f5c873ca602c',
});
