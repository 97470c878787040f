/** What a model file is, told from its first bytes; a name decides only where these say nothing. Nothing is run. */
import { StudioError } from '../base/errors';
import { looksLikeGraphDef } from '../foundry/tf-graph';

export type FileKind = 'onnx' | 'tensorflow';

/** A zip names its first entries here. */
export const headBytes = 4096;

/** ModelProto and SavedModel begin with the number of their version. */
const versionField = 0x08;
const pickledName = /\.(pt|pth|ckpt|pkl|pickle)$/i;

/**
 * @param head the first `headBytes` of the file
 * @throws StudioError model/pickle, model/not-recognised
 */
export function fileKind(head: Uint8Array, name: string): FileKind {
  if (isPickle(head)) throw new StudioError('model/pickle', { file: name });
  const isFrozenGraph = looksLikeGraphDef(head);
  if (/\.pb$/i.test(name) && !isFrozenGraph) {
    throw new StudioError('model/not-recognised', { file: name, reason: 'not a frozen TensorFlow graph' });
  }
  if (isFrozenGraph) return 'tensorflow';
  if (head[0] !== versionField && pickledName.test(name))
    throw new StudioError('model/pickle', { file: name });
  return 'onnx';
}

/**
 * A pickle of protocol 2 to 5 begins with PROTO and its number (Python's Lib/pickletools.py); PyTorch's files are
 * zips whose entries are led by one called data.pkl (torch/serialization.py).
 */
function isPickle(head: Uint8Array): boolean {
  const [first = 0, second = 0] = head;
  if (first === 0x80 && second >= 2 && second <= 5) return true;
  const isZip = first === 0x50 && second === 0x4b;
  return isZip && new TextDecoder('latin1').decode(head).includes('data.pkl');
}
