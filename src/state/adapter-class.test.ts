import { describe, expect, it } from 'vitest';
import { adapterName, looksIntegrated } from './adapter-class';

const adapter = (vendor: string, architecture: string, description = '', software = false) => ({
  vendor,
  architecture,
  description,
  software,
  f16: true,
  maxBufferBytes: 2 ** 30,
});

describe('an adapter', () => {
  it('looks integrated where its maker sells such ones under that name', () => {
    expect(looksIntegrated(adapter('intel', 'gen-12lp'))).toBe(true);
    expect(looksIntegrated(adapter('intel', 'xe-hpg'))).toBe(false);
    expect(looksIntegrated(adapter('nvidia', 'ada'))).toBe(false);
    expect(looksIntegrated(adapter('apple', 'metal-3'))).toBe(false);
    expect(looksIntegrated(adapter('google', 'swiftshader', '', true))).toBe(false);
    expect(looksIntegrated(null)).toBe(false);
  });

  it('goes by its description, else by vendor and architecture', () => {
    expect(adapterName(adapter('nvidia', 'hopper', 'NVIDIA H200'))).toBe('NVIDIA H200');
    expect(adapterName(adapter('intel', 'gen-12lp'))).toBe('intel gen-12lp');
  });
});
