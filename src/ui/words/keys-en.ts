/** The keyboard map: groups of keys and what they do. Keys of one chord or one set are parted by a space. */
export interface KeysWords {
  readonly title: string;
  readonly groups: readonly {
    readonly title: string;
    readonly keys: readonly (readonly [string, string])[];
  }[];
}

export const keysEn: KeysWords = {
  title: 'Keyboard map',
  groups: [
    {
      title: 'Anywhere',
      keys: [
        ['?', 'This map'],
        ['O', 'Choose photos'],
        ['Ctrl V', 'Paste a photo'],
        ['Ctrl Enter', 'Cartoonize'],
        ['Esc', 'Close what is open'],
      ],
    },
    {
      title: 'Stage',
      keys: [
        ['0', 'Fit'],
        ['1', '100 %'],
        ['+ −', 'Zoom'],
        ['\\', 'Photo or comparison'],
        ['Space', 'Hold to see the photo'],
        ['← → Home End', 'Move the slider when it has the focus'],
      ],
    },
    {
      title: 'Strip',
      keys: [
        ['J K', 'Next, previous'],
        ['Ctrl S', 'Save the result'],
        ['Delete', 'Delete the item that has the focus'],
      ],
    },
  ],
};
