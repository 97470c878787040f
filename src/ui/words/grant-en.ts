/** What is said before a model comes from a foreign host. */
export const grantEn = {
  title: (model: string) => `Get ${model}`,
  size: 'Size',
  from: 'Comes from',
  sees: (hosts: number) =>
    `${hosts === 1 ? 'This host sees' : 'These hosts see'} your IP address, your browser’s User-Agent and which file is asked for. No cookie, no referrer and nothing of your photos goes there.`,
  reach:
    'A worker made for this one file may reach it, and is ended with the download. The page and the engine stay sealed. Every byte is checked before use.',
  sizeLater: 'its host says it when asked',
  stated:
    'Nobody told us this file’s hash beforehand. What its host states at the first download is taken down, and any other file is refused from then on.',
  agree: 'Accept licence and get',
  refuse: 'Not now',
};
