import { describe, expect, it } from 'vitest';
import type { RuntimeFacts } from '../../runtime/runtime';
import { en } from '../words/en';
import { zh } from '../words/zh';
import { deviceLine } from './device-line';

const wasm: RuntimeFacts = {
  backend: 'wasm',
  build: 'jspi',
  threadCount: 4,
  adapter: null,
  fallback: 'no-adapter',
};
const gpu = (software: boolean): RuntimeFacts => ({
  backend: 'webgpu',
  build: 'jspi',
  threadCount: 1,
  adapter: {
    vendor: 'nvidia',
    architecture: 'ada',
    description: '',
    software,
    f16: true,
    maxBufferBytes: 2 ** 30,
  },
  fallback: 'none',
});

describe('what drew', () => {
  it('is said as it was measured', () => {
    expect(deviceLine(wasm, en)).toBe('Processor, 4 threads (WebAssembly)');
    expect(deviceLine({ ...wasm, threadCount: 1 }, en)).toBe('Processor, 1 thread (WebAssembly)');
    expect(deviceLine(gpu(false), en)).toBe('nvidia ada (WebGPU)');
    expect(deviceLine(gpu(true), en)).toBe('nvidia ada (WebGPU), software adapter');
    expect(deviceLine(gpu(false), zh)).toBe('nvidia ada（WebGPU）');
  });

  it('is not claimed before it was measured', () => {
    expect(deviceLine(null, en)).toBe('Not started yet');
  });
});
