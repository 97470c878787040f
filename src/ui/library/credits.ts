/** Whose work the app stands on, as their licences ask to be said. What each gave is in the words. */
export type CreditId = 'dct-net' | 'yunet' | 'portraits' | 'large' | 'other' | 'runtime' | 'libraries';

export interface Credit {
  readonly id: CreditId;
  readonly name: string;
  readonly by: string;
  readonly licence: string;
}

export const credits: readonly Credit[] = [
  { id: 'dct-net', name: 'DCT-Net', by: 'Alibaba DAMO Academy, Men et al. 2022', licence: 'Apache-2.0' },
  { id: 'yunet', name: 'YuNet', by: 'Shiqi Yu', licence: 'MIT' },
  { id: 'portraits', name: 'interfaces', by: 'cjdowner', licence: 'CC0' },
  { id: 'large', name: 'PDImages', by: 'PDDatabase', licence: 'CC0' },
  {
    id: 'other',
    name: 'scikit-image',
    by: 'NASA, Stéfan van der Walt and others',
    licence: 'CC0, public domain',
  },
  { id: 'runtime', name: 'ONNX Runtime Web', by: 'Microsoft', licence: 'MIT' },
  {
    id: 'libraries',
    name: 'Svelte, hash-wasm, Comlink, idb-keyval, PDF.js',
    by: 'Rich Harris and others, Dani Biro, Google, Jake Archibald, Mozilla',
    licence: 'MIT, Apache-2.0',
  },
];
