/**
 * Weights written beside a graph as they come, so that no more than a piece of one is ever in memory. Every weight
 * begins at a multiple of 4096 bytes, as ONNX asks of files that are mapped (onnx/onnx.proto3, `external_data`).
 */
import type { ByteSink, SinkFolder } from '../base/byte-source';
import type { ExternalData } from './onnx-tensor';

const alignment = 4096;
/** onnxruntime-web takes offsets below 4 GiB; a file of half that also fits what a host or a disk may refuse above. */
const mostFileBytes = 2 ** 31;

export interface WrittenFile {
  readonly location: string;
  readonly bytes: number;
}

export class ExternalWriter {
  readonly files: WrittenFile[] = [];
  #sink: ByteSink | null = null;
  #location = '';
  #at = 0;
  #promised = 0;

  constructor(
    readonly folder: SinkFolder,
    readonly stem: string,
    readonly mostBytes = mostFileBytes,
  ) {}

  /** The place of the `bytes` that the next calls of `append` bring. A weight lies in one file. */
  async reserve(bytes: number): Promise<ExternalData> {
    if (this.#promised !== 0) throw new RangeError(`${this.#promised} bytes were reserved and never came`);
    const start = Math.ceil(this.#at / alignment) * alignment;
    if (!this.#sink || start + bytes > this.mostBytes) await this.#next();
    else await this.#write(new Uint8Array(start - this.#at));
    this.#promised = bytes;
    return { location: this.#location, offset: this.#at, bytes };
  }

  async append(bytes: Uint8Array): Promise<void> {
    if (bytes.length > this.#promised) throw new RangeError(`${bytes.length} bytes of ${this.#promised}`);
    this.#promised -= bytes.length;
    await this.#write(bytes);
  }

  /** All of a weight at once. */
  async place(bytes: Uint8Array): Promise<ExternalData> {
    const place = await this.reserve(bytes.length);
    await this.append(bytes);
    return place;
  }

  /** The files, whole. */
  async close(): Promise<readonly WrittenFile[]> {
    if (this.#promised !== 0) throw new RangeError(`${this.#promised} bytes were reserved and never came`);
    await this.#end();
    return this.files;
  }

  async #next(): Promise<void> {
    await this.#end();
    this.#location = `${this.stem}-${this.files.length}.bin`;
    this.#sink = await this.folder.create(this.#location);
    this.#at = 0;
  }

  async #end(): Promise<void> {
    if (!this.#sink) return;
    await this.#sink.close();
    this.files.push({ location: this.#location, bytes: this.#at });
    this.#sink = null;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    await this.#sink?.append(bytes);
    this.#at += bytes.length;
  }
}
