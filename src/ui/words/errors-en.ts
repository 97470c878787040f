/** What a person reads when something went wrong: what happened, what was kept, the one thing to do. */
import type { ErrorCode } from '../../base/errors';
import { vaultErrors } from './vault-errors';

export interface ErrorWords {
  readonly happened: string;
  readonly kept: string;
  readonly next: string;
}

const untouched = 'Your other photos and results are untouched.';
const photoHere = 'The photo is still here.';
const inputHere = 'What you gave it is still here.';
const chatHere = 'Your questions, pictures and answers are still here.';
const schemaHere = 'The schema and your pictures are still here.';
const shelfSame = 'The models you had are unchanged.';

export const errorsEn: Record<ErrorCode, ErrorWords> = {
  'file/gone': {
    happened: 'This file can no longer be read.',
    kept: 'Everything else here is untouched.',
    next: 'It may have been moved or changed. Choose it again.',
  },
  'image/empty': { happened: 'This file is empty.', kept: untouched, next: 'Choose another copy of it.' },
  'image/not-an-image': {
    happened: 'This file is not a picture, whatever its name says.',
    kept: untouched,
    next: 'Choose a JPEG, PNG, WebP, AVIF or GIF.',
  },
  'image/unreadable': {
    happened: 'This browser cannot read this picture.',
    kept: untouched,
    next: 'Save it as JPEG or PNG in another program and choose that.',
  },
  'image/truncated': {
    happened: 'This picture ends too early; part of the file is missing.',
    kept: untouched,
    next: 'Copy it again from where it came from.',
  },
  'image/too-large': {
    happened: 'This picture has more pixels than a tab can hold.',
    kept: untouched,
    next: 'Make it smaller and choose it again.',
  },
  'image/too-small': {
    happened: 'This picture is too small to draw.',
    kept: untouched,
    next: 'Choose a larger one.',
  },
  'image/too-narrow': {
    happened: 'This picture is more than 200 times as long as it is wide, which the model cannot look at.',
    kept: 'Your question and other pictures are still here.',
    next: 'Cut it into shorter pieces and choose those.',
  },
  'image/encode-failed': {
    happened: 'The result could not be written in this format.',
    kept: 'The result is still here, unsaved.',
    next: 'Save it as PNG.',
  },
  'deployment/invalid': {
    happened: 'The settings of this deployment cannot be read, so nothing is started that they may forbid.',
    kept: 'Nothing was lost; models and kept things are as they were.',
    next: 'Whoever runs this site can mend obscura.config.json: the field at fault is named under More.',
  },
  'model/not-installed': {
    happened: 'The model for this is not here, or no longer.',
    kept: inputHere,
    next: 'Get it under Models, or choose another.',
  },
  'model/not-allowed': {
    happened: 'Whoever runs this site does not allow this model here.',
    kept: shelfSame,
    next: 'Ask them, or use one of the models on the shelf.',
  },
  'model/not-recognised': {
    happened: 'This file is not a model Obscura can use.',
    kept: shelfSame,
    next: 'Import an ONNX file of a cartoon model or a face finder.',
  },
  'model/not-dct-net': {
    happened: 'This TensorFlow file does not hold DCT-Net’s network.',
    kept: shelfSame,
    next: 'Import cartoon_bg.pb or cartoon_h.pb as published, or an ONNX file.',
  },
  'model/pickle': {
    happened:
      'This file is a Python pickle, or is named like one. Opening one can run any program that hides in it.',
    kept: 'It was not opened, and the models you had are unchanged.',
    next: 'Import the model as ONNX, which holds numbers and no program.',
  },
  'model/foreign-operators': {
    happened: 'This model is built of operators that Obscura does not have.',
    kept: shelfSame,
    next: 'Look up their names under More, and export the model with ONNX’s own.',
  },
  'model/missing-file': {
    happened: 'This model keeps its weights in a second file, which was not chosen.',
    kept: shelfSame,
    next: 'Choose both together; More has the name.',
  },
  'model/unsafe-path': {
    happened: 'This model reaches for a file outside its own folder, so it was refused.',
    kept: 'That file was not read, and the models you had are unchanged.',
    next: 'Do not trust its source.',
  },
  'model/manifest': {
    happened: 'This manifest.json does not describe a model as Obscura writes it.',
    kept: shelfSame,
    next: 'Export or pack the model again; More names what is wrong.',
  },
  'model/manifest-version': {
    happened: 'This manifest.json was written by another version of Obscura.',
    kept: shelfSame,
    next: 'Reload the page to have the newest version, or import the ONNX file alone.',
  },
  'model/export-failed': {
    happened: 'The model could not be written to that folder.',
    kept: 'It is still here, and nothing unfinished bears its name.',
    next: 'Choose another folder, with room enough.',
  },
  'model/damaged': {
    happened: 'This model file is damaged or incomplete, so it was not used.',
    kept: 'Your photos and other models are untouched.',
    next: 'Get or import it again under Models.',
  },
  'model/hash-mismatch': {
    happened: 'The model’s bytes are not the ones that were published, so it was not used.',
    kept: shelfSame,
    next: 'Get it again; if it stays so, do not trust its source.',
  },
  'model/not-stated': {
    happened: 'The model’s host does not say what the file should be, so it could not be checked.',
    kept: shelfSame,
    next: 'Download the file yourself (its address is under More) and use Import model.',
  },
  'model/stated-otherwise': {
    happened: 'The model’s host now states another file than it did the first time, so nothing was fetched.',
    kept: shelfSame,
    next: 'Do not trust it unless its makers say why the file changed.',
  },
  'model/wrong-shape': {
    happened: 'The model gave something that is not a picture.',
    kept: photoHere,
    next: 'Choose another model.',
  },
  'model/not-as-described': {
    happened: 'This model is not the one its card describes, so it was not used.',
    kept: 'Prompt, pictures and models are untouched.',
    next: 'What differs stands under More. Look for a newer version of this app or of the model.',
  },
  'model/not-finite': {
    happened: 'The model gave no numbers that make a picture.',
    kept: 'The prompt and earlier pictures are still here.',
    next: 'Try another seed or size. If it stays so, this device’s 16-bit arithmetic may not be enough for it.',
  },
  'gpu/device-lost': {
    happened: 'The GPU stopped answering twice.',
    kept: inputHere,
    next: 'Close other heavy tabs and retry.',
  },
  'gpu/out-of-memory': {
    happened: 'The GPU has too little memory left for this picture.',
    kept: photoHere,
    next: 'Close other heavy tabs and retry, or use a smaller picture.',
  },
  'engine/out-of-memory': {
    happened: 'There was too little memory for this picture.',
    kept: photoHere,
    next: 'Close other tabs and try again, or choose a smaller picture.',
  },
  'engine/failed': {
    happened: 'The engine stopped in the middle of its work.',
    kept: inputHere,
    next: 'Retry. The engine starts afresh.',
  },
  'engine/start-failed': {
    happened: 'The engine did not start.',
    kept: inputHere,
    next: 'Try again; if it fails, use a current Chrome, Edge, Firefox or Safari.',
  },
  'storage/full': {
    happened: 'There is no room left on this device for the model.',
    kept: `Nothing of it was left behind. ${shelfSame}`,
    next: 'Remove a model you do not need, or free some disk space.',
  },
  'storage/unavailable': {
    happened: 'The browser does not let this page keep models.',
    kept: inputHere,
    next: 'Allow this site to store data, or leave the private window.',
  },
  'storage/held': {
    happened: 'The browser does not give out one of the stores; another tab may hold it.',
    kept: 'What was in it when it was erased before is gone.',
    next: 'Close the other tabs of this app, then erase again.',
  },
  'storage/erased': {
    happened: 'What this page had stored was erased meanwhile, here or in another tab.',
    kept: 'Nothing was written back.',
    next: 'Reload the page to begin anew.',
  },
  'network/failed': {
    happened: 'The download stopped.',
    kept: `What has arrived is kept. ${shelfSame}`,
    next: 'Check the connection and try again.',
  },
  'network/host-busy': {
    happened: 'The host of this file is too busy to answer.',
    kept: `What has arrived is kept. ${shelfSame}`,
    next: 'Try again in some minutes.',
  },
  'network/not-the-file': {
    happened: 'A web page came in place of the model.',
    kept: `It was not kept. ${shelfSame}`,
    next: 'If this network asks you to sign in, do that first, then try again.',
  },
  'network/refused': {
    happened: 'A request to another address was refused.',
    kept: 'Nothing was sent.',
    next: 'Nothing to do. Report it if you did not expect it.',
  },
  'network/unreachable': {
    happened: 'The model’s host does not answer, or does not let pages read from it.',
    kept: `What has arrived is kept. ${shelfSame}`,
    next: 'Try again later, or download the file yourself (its address is under More) and use Import model.',
  },
  ...vaultErrors.en,
  'wall/missing': {
    happened: 'This page is not sealed, so no photo is taken in.',
    kept: 'Nothing was read.',
    next: 'Reload the page.',
  },
  'page/missing-part': {
    happened: 'This part of the page did not arrive.',
    kept: 'Photos, results and models are as they were.',
    next: 'Check the connection, then open it again.',
  },
  'camera/unavailable': {
    happened: 'There is no camera, or the browser was told not to let this page use it.',
    kept: 'Nothing was recorded.',
    next: 'Allow the camera for this site, or choose a photo.',
  },
  'pdf/damaged': {
    happened: 'This file is no PDF, or too much of it is damaged or missing.',
    kept: chatHere,
    next: 'Copy it again from where it came from.',
  },
  'pdf/locked': {
    happened: 'This PDF does not open with this password.',
    kept: chatHere,
    next: 'Type it again.',
  },
  'pdf/page': {
    happened: 'A page of this PDF could not be drawn.',
    kept: chatHere,
    next: 'Choose other pages; More has its number.',
  },
  'pdf/too-large': {
    happened: 'This PDF is larger than a tab can hold.',
    kept: chatHere,
    next: 'Cut it into smaller files.',
  },
  'pdf/too-slow': {
    happened: 'This PDF took too long, and was closed.',
    kept: chatHere,
    next: 'Open it again and choose other pages.',
  },
  'chat/full': {
    happened: 'This question and its pictures do not fit into the room that the chat has left.',
    kept: 'What was said so far is still here, and so are your question and its pictures.',
    next: 'Start a new chat, ask with fewer pictures, or choose a quicker detail.',
  },
  'schema/invalid': {
    happened: 'This is not a JSON Schema, or nothing can fit it.',
    kept: schemaHere,
    next: 'More says where; mend it there.',
  },
  'schema/unsupported': {
    happened: 'This JSON Schema asks for something that answers here cannot be held to.',
    kept: schemaHere,
    next: 'More names it; leave it out or say it another way.',
  },
  'schema/too-long': {
    happened: 'An answer of this form does not fit in what the model may write.',
    kept: schemaHere,
    next: 'Ask for fewer fields, or let the answer be longer.',
  },
};
