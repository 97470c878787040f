import type { CreditId } from '../library/credits';

export const aboutEn = {
  title: 'About Obscura',
  lead: 'Free software under the Apache-2.0 licence. The built-in models are our own and were trained from scratch; no weight of another model is in them. What the app stands on:',
  gave: {
    'dct-net': 'The method of the cartoon, and the teacher of the four built-in styles.',
    yunet: 'The teacher of the built-in face finder.',
    portraits: 'The portraits both were trained on.',
    large: 'A large photo they were trained on.',
    other: 'Pictures without portraits, for training and tests.',
    runtime: 'Runs the models in this browser.',
    libraries: 'The page, SHA-256 of a stream, calls across threads, storage, and pages of a PDF.',
  } satisfies Record<CreditId, string>,
};
