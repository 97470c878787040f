/** The words of the shelf. */
import type { ModelCard } from '../../models/model';
import type { Backend } from '../../runtime/runtime';
import type { ColourOrder } from '../../state/colour-preview.svelte';
import type { Keeping } from '../../state/storage-room';
import type { Role } from '../library/shelf-groups';

export const modelsEn = {
  title: 'Models',
  lead: 'They are kept in this browser and never run from anywhere else. Every byte is checked before use.',
  import: 'Import model',
  importHint:
    'A file from this disk, chosen or dropped here: an ONNX cartoon model or face finder, or DCT-Net’s cartoon_bg.pb.',
  importFolder: 'Import folder',
  importFolderHint:
    'A folder that Export or a conversion on your computer wrote, or Qwen3-VL’s published files, chosen or dropped here.',
  importing: 'Reading the model',
  exported: {
    label: 'Lacks',
    lacks:
      'Part of what Qwen3-VL sees with (DeepStack), and its makers’ picture positions: small print and places come out worse.',
  },
  conversion: {
    title: (model: string) => `Bring in ${model}`,
    takes: (read: string, kept: string, time: string) =>
      `Turning it into a model for this browser reads ${read}, keeps about ${kept}, and takes about ${time} on this device.`,
    how: {
      weights:
        'Its weights become 4-bit numbers, one after the other, and nothing leaves this device. Keep this tab open: stopped or closed half way, it begins anew.',
      exported:
        'Others exported it for transformers.js, and it is kept as it is. That export lacks DeepStack and has other picture positions than its makers’, so that small print and places come out worse. The makers’ own files, converted here, have both.',
    },
    begin: { weights: 'Convert', exported: 'Take in' },
    leave: 'Not now',
    underWay: (model: string) => `Bringing in ${model}`,
    stop: 'Stop and keep nothing',
  },
  imported: (title: string) => `${title} is ready.`,
  notImported: (title: string) => `${title} was not kept.`,
  role: {
    picture: 'Draws what a prompt says',
    cartoon: 'Draws cartoons',
    faces: 'Finds faces',
    words: 'Answers questions about pictures',
  },
  styleIs: (style: string) => `Style: ${style}`,
  state: { ready: 'Ready', absent: 'Not here', partial: 'Partly here', damaged: 'Not here in full' },
  groups: {
    cartoon: { title: 'Cartoon', lead: 'They draw the picture, and every face in it once more.' },
    faces: { title: 'Face finder', lead: 'One is enough. It finds the faces that are drawn as faces.' },
    picture: {
      title: 'Create',
      lead: 'They draw what a prompt says. We could not run these files ourselves.',
    },
    words: {
      title: 'Ask',
      lead: 'They look at pictures and answer in words. Their maths was compared with the makers’ own on small models; with the published weights nobody of us has run it.',
    },
  } satisfies Record<Role, { title: string; lead: string }>,
  count: (ready: number, all: number) => `${ready} of ${all} ready`,
  device: (line: string, f16: boolean, buffer: string) =>
    `This device: ${line}, buffers up to ${buffer}, ${f16 ? 'with' : 'without'} 16-bit arithmetic.`,
  deviceLine: (line: string) => `This device: ${line}.`,
  here: {
    label: 'Here',
    unknown: 'Known once the engine has started.',
    untried:
      'It has what the model is known to need. Nobody of us has run it, so whether it is enough is not known.',
    runs: { webgpu: 'Runs on the GPU.', wasm: 'Runs on the processor.' } satisfies Record<
      Backend,
      string
    > as Record<Backend, string>,
    runsIn: (bytes: string) => `Runs on the GPU. A 3:4 photo takes ${bytes} of it, as measured.`,
    cannot: 'Cannot run here.',
    lacks: {
      gpu: 'It needs a GPU through WebGPU.',
      f16: 'It needs 16-bit arithmetic, which this GPU does not offer.',
      buffer: (needed: string, allowed: string) =>
        `It needs a GPU buffer of ${needed}; this GPU allows ${allowed}.`,
    },
    instead: (title: string) => `${title} does the same and can.`,
    advised: 'Suggested for this device',
    lighter: 'Lighter',
    lighterIs: (title: string, percent: number) => `${title}, with ${percent} % of the work`,
    noRoom: (free: string) => `The browser estimates only ${free} free.`,
  },
  origin: 'Source and checksum',
  pinned: 'Fetched from',
  colours: {
    title: 'Colours',
    hint: 'The file does not say which colour it takes first. Choose the picture whose colours are right.',
    sample: 'As it is',
    orders: { rgb: 'Red first', bgr: 'Blue first' } satisfies Record<ColourOrder, string> as Record<
      ColourOrder,
      string
    >,
    drawing: 'Drawing it both ways',
    range: 'Value range',
    ranges: { bytes: '0 to 255', signed: '−1 to 1', unit: '0 to 1' },
  },
  fromDisk: 'Import its ONNX file to use it.',
  get: 'Get',
  madeFrom: 'Made here from',
  onlySize: (width: number, height: number) => `Draws at ${width} × ${height} pixels only, and enlarges that`,
  stated: 'Stated by the host at first use; any other file has been refused since.',
  getNewer: 'Get newer version',
  resumeNewer: 'Resume newer version',
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel',
  cancelHint: 'Forgets what has arrived.',
  verify: 'Verify',
  remove: 'Remove',
  export: 'Export',
  exportHint: 'Writes the ONNX file and a manifest.json that says what it is.',
  exporting: 'Writing a copy and checking every byte',
  exportedTo: (folder: string) => `Exported to the folder ${folder}.`,
  exportedFiles: 'Exported as two files. Keep them together.',
  verifying: 'Checking every byte',
  verified: 'Checked: every byte is as published.',
  verifiedImport: 'Checked: every byte is as it was imported.',
  getting: 'Fetching',
  waiting: 'Goes on when the picture is drawn',
  rate: (bytes: string) => `${bytes}/s`,
  partly: (held: string, total: string) => `${held} of ${total} have arrived. Resume fetches the rest.`,
  damaged: 'Part of it is lost. Get fetches that part alone.',
  space: {
    used: (bytes: string) => `Models take ${bytes} here.`,
    free: (bytes: string) => `The browser estimates ${bytes} free; the disk may have less.`,
    keeping: {
      unknown: 'It does not say whether it keeps them.',
      promised: 'It promised to keep them until you remove them.',
      'not-asked': 'It may delete them when the disk is full; your first Get or import asks it to keep them.',
      refused: 'It was asked to keep them and did not promise: it may delete them when the disk is full.',
    } satisfies Record<Keeping, string> as Record<Keeping, string>,
    unfinished: 'Unfinished downloads',
    part: (title: string, held: string, total: string) => `${title}: ${held} of ${total} have arrived`,
    forget: (title: string) => `Remove what has arrived of ${title}`,
  },
  source: 'Source',
  sourceOf: (card: ModelCard) => card.source,
  size: 'Size',
  none: 'No model is known yet.',
  removeHint: 'It comes back with Get, or by importing it again.',
};
