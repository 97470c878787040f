/** Every English word on the page. `zh.ts` has the same shape; a test compares the two. */
import type { DrawnPart, LineSizePx, StyleId } from '../../pipelines/cartoon/card';
import type { Stage } from '../../base/progress';
import type { RuntimeFacts } from '../../runtime/runtime';
import type { Theme } from '../../state/settings.svelte';
import { errorsEn } from './errors-en';
import { grantEn } from './grant-en';
import { keysEn } from './keys-en';
import { named } from './named';
import { wallEn } from './wall-en';

export const en = {
  name: 'Obscura',
  more: 'More',
  close: 'Close',
  rooms: {
    label: 'Rooms',
    cartoon: 'Cartoon',
    create: 'Create',
    ask: 'Ask',
    models: 'Models',
    kept: 'Kept',
    privacy: 'Privacy',
  },
  header: {
    language: '中文',
    languageHint: 'Show this page in Chinese',
    theme: (theme: Theme) => `Theme: ${theme === 'auto' ? 'as the system' : theme}`,
    keys: 'Keyboard map',
  },
  styles: named<StyleId>({
    anime: 'Anime',
    '3d': '3D',
    handdrawn: 'Hand-drawn',
    sketch: 'Sketch',
    artstyle: 'Art style',
    design: 'Design',
    illustration: 'Illustration',
    custom: 'Custom',
  }),
  photos: {
    choose: 'Choose photos',
    chooseOne: 'Choose a photo',
    camera: 'Camera',
    locked: 'Photos can be chosen once the page is sealed.',
    drop: 'Drop to add',
    dropHint: 'The picture stays in this tab.',
    notImages: 'Those files are not pictures. Nothing was added.',
    added: (count: number) => (count === 1 ? 'One photo added' : `${count} photos added`),
  },
  empty: {
    title: 'Start with a portrait',
    body: 'It becomes a cartoon inside this tab. Nothing is uploaded, so there is nobody to trust with it.',
    how: 'Or drop and paste pictures anywhere on this page, many at once.',
  },
  options: {
    label: 'Options',
    style: 'Style',
    model: 'Model',
    builtIn: 'Built in',
    faces: 'Face finder',
    skin: 'Keep skin tone',
    part: 'Draw',
    parts: named<DrawnPart>({ whole: 'Everything', faces: 'Faces only' }),
    partHint: named<DrawnPart>({
      whole: 'The whole photo becomes a drawing.',
      faces:
        'Each face is drawn where it is; the rest stays the photo. Hair, clothes and place can still tell who somebody is.',
    }),
    skinHint: 'People keep the colour of their own skin.',
    lineSize: 'Line size',
    lineSizeHint: 'Finer lines draw more detail and take longer.',
    lines: named<LineSizePx>({ 720: 'Bold', 900: 'Medium', 1080: 'Fine' }),
    lift: 'Sharp at full size',
    liftHint: 'Large photos come back with crisp edges.',
    noModel: 'The styles appear here when the models have arrived.',
    noFinder: 'The face finder is not here, so only faces that you mark yourself are drawn as faces.',
    getFinder: 'Get the face finder',
  },
  action: {
    start: 'Cartoonize',
    cancel: 'Cancel',
    retry: 'Retry',
    queueMore: (count: number) =>
      count === 1 ? 'Add 1 more photo to the queue' : `Add ${count} more photos to the queue`,
    needPhoto: 'Choose a photo first.',
    needWall: 'Waiting for the page to be sealed.',
    needModel: 'No cartoon model is here. Get one under Models.',
    willDraw: (count: number, style: string) =>
      count === 1 ? `1 photo, ${style}` : `${count} photos, ${style}`,
    again: (style: string) => `This photo again, ${style}`,
    tryAgain: 'Tries this photo again',
  },
  progress: {
    label: 'Progress',
    answering: 'Answering',
    left: (time: string) => `about ${time} left`,
    stage: named<Stage>({
      open: 'Opening the model',
      decode: 'Reading the photo',
      'find-faces': 'Finding faces',
      draw: 'Drawing the picture',
      'draw-faces': 'Drawing the faces',
      finish: 'Finishing',
    }),
    begin: 'Starting',
    getting: 'Fetching',
  },
  startup: {
    wall: 'Sealing the page',
    engine: 'Fetching the engine',
    opening: 'Starting the engine',
    models: 'Fetching the built-in models',
    bytes: (done: string, total: string) => `${done} of ${total}`,
    retry: 'Try again',
  },
  state: {
    new: 'Not drawn yet',
    waiting: 'Waiting',
    working: 'Drawing',
    done: 'Done',
    failed: 'Failed',
    cancelled: 'Cancelled',
  },
  strip: {
    label: 'Photos and results',
    cartoon: (number: number) => `Cartoon ${number}`,
    showResult: (number: number) => `Show result ${number}`,
    showPhoto: (place: number) => `Show photo ${place}`,
    delete: (place: number) => `Delete item ${place}`,
    deleted: 'Deleted.',
    undo: 'Undo',
    clear: 'Clear all',
    clearTitle: 'Clear everything here?',
    clearBody: (unsaved: number) =>
      unsaved === 0
        ? 'All photos and results leave this tab’s memory. Saved files stay.'
        : unsaved === 1
          ? 'One result is not saved. All photos and results leave this tab’s memory.'
          : `${unsaved} results are not saved. All photos and results leave this tab’s memory.`,
    clearDo: 'Clear',
    clearKeep: 'Keep them',
    left: (count: number) => (count === 1 ? '1 more is waiting.' : `${count} more are waiting.`),
  },
  failures: {
    some: (count: number) =>
      count === 1 ? 'One photo could not be drawn.' : `${count} photos could not be drawn.`,
    show: 'Show',
    cancelled: 'Cancelled. The photo is still here.',
  },
  save: {
    label: 'Save',
    button: 'Save',
    all: 'Save all',
    format: 'Format',
    formats: { jpeg: 'JPEG', png: 'PNG', webp: 'WebP' },
    done: (count: number) =>
      count === 1
        ? 'Saved, without metadata.'
        : `${count} files saved, without metadata. If the browser asks about several files, allow them.`,
    doneMarked: 'Saved, with the AI mark and no other metadata.',
    needResult: 'Select a result to save it.',
    keep: 'Keep',
    keepHint: 'Encrypted on this device, under a passphrase of yours',
    kept: 'Kept',
    keptHint: 'It is under Kept.',
  },
  stage: {
    label: 'Stage',
    slider: 'Before and after',
    sliderValue: (before: number) => `Photo ${before} %, cartoon ${100 - before} %`,
    before: 'Photo',
    after: 'Cartoon',
    fit: 'Fit',
    full: '100 %',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    original: 'Show the photo',
    noPreview: 'This browser cannot show the photo. It may still be drawn.',
    size: (width: number, height: number) => `${width} × ${height}`,
    drawnIn: (time: string) => `drawn in ${time}`,
    tools: 'View',
  },
  faces: {
    mode: 'Faces',
    drawn: (count: number) =>
      count === 0 ? 'No face found' : count === 1 ? '1 face drawn' : `${count} faces drawn`,
    nothing: 'No face found, so nothing was drawn. Mark the face by hand.',
    noFinder: 'Faces not looked for: the face finder is not here',
    fetchFinder: (bytes: string) => `Fetch the face finder (${bytes})?`,
    fetchFinderHint: 'The built-in one is small and misses some faces. YuNet finds more.',
    fetchFinderDo: 'Fetch',
    fetchedFinder: (title: string) => `${title} is here. Cartoonize again to look with it.`,
    hint: 'Drag a box over a missed face. Dismiss a wrong one. Then Cartoonize again.',
    mark: 'Mark a face',
    marked: (place: number) => `Marked face ${place}`,
    markedHelp: 'Arrows move it, Shift and arrows resize it, Delete removes it.',
    dismiss: (place: number) => `Dismiss face ${place}`,
    restore: (place: number) => `Bring back face ${place}`,
    remove: (place: number) => `Remove marked face ${place}`,
  },
  camera: {
    title: 'Camera',
    shutter: 'Take photo',
    body: 'The camera is on only while this window is open. The shot stays in this tab.',
    starting: 'Asking for the camera',
    failed: {
      happened: 'The shot could not be taken.',
      kept: 'The camera is off again.',
      next: 'Close this window and open the camera once more.',
    },
  },
  notice: {
    title: 'What happens to your photo',
    stays: 'It is drawn in this tab, on this device. It is not uploaded.',
    freed:
      'The engine’s copy is freed when the cartoon is done. Photo and cartoon leave memory when you delete them or close the tab.',
    kept: 'Nothing is kept unless you save it or press Keep.',
    check: 'To check: switch the network off, then draw. It still works.',
    consent: 'Only pictures of people who agreed.',
    short: 'Stays in this tab. Only people who agreed.',
  },
  /** Between the parts of a line, and between its sentences. */
  comma: ', ',
  stop: '. ',
  licence: {
    label: 'Licence',
    commercial: 'commercial use allowed',
    nonCommercial: 'not for commercial use',
    unknown: 'Not known, so not for commercial use',
    ofResult: (model: string, spdx: string) =>
      spdx === 'unknown'
        ? `${model}: licence not known, so not for commercial use.`
        : `${model}: not for commercial use (${spdx}).`,
    ofSaved: 'Not for commercial use',
    ofSomeSaved: 'Some not for commercial use',
  },
  device: {
    wasm: (threads: number) =>
      `Processor, ${threads === 1 ? '1 thread' : `${threads} threads`} (WebAssembly)`,
    webgpu: (adapter: string) => `${adapter || 'GPU'} (WebGPU)`,
    software: 'software adapter',
    integrated:
      'This looks like the integrated GPU. In the system’s graphics settings, set this browser to high performance for the fast one.',
    fallback: named<RuntimeFacts['fallback']>({
      none: '',
      asked: 'WebGPU was switched off in the address.',
      'no-webgpu': 'This browser has no WebGPU.',
      'no-adapter': 'The browser offers no GPU.',
      'software-adapter': 'The browser offers only a software GPU; the processor is faster.',
    }),
    unknown: 'Not started yet',
  },
  wall: wallEn,
  grant: grantEn,
  keys: keysEn,
  errors: errorsEn,
};

export type Words = typeof en;
