/** What kind of GPU an adapter's own words point to. WebGPU does not say "integrated", so this stays a guess and is worded as one. */
import type { AdapterFacts } from '../runtime/runtime';

/** Architectures of discrete Intel cards (gpuweb adapter info as Chromium reports it). */
const discreteIntel = /hpg|battlemage|dg2/;

export function looksIntegrated(adapter: AdapterFacts | null): boolean {
  if (!adapter || adapter.software) return false;
  const words = `${adapter.architecture} ${adapter.description}`.toLowerCase();
  if (adapter.vendor.toLowerCase() === 'intel') return !discreteIntel.test(words) && !/\barc\b/.test(words);
  return (
    adapter.vendor.toLowerCase() === 'amd' && /\b(vega \d+ graphics|radeon\(tm\) graphics)\b/.test(words)
  );
}

export function adapterName(adapter: AdapterFacts): string {
  return (
    adapter.description || [adapter.vendor, adapter.architecture].filter((word) => word !== '').join(' ')
  );
}
