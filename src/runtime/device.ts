/**
 * One GPU device a pipeline: ORT gives no memory back while another session lives on the same device.
 * Asks for what ORT itself would ask for (features that unlock its f16 and subgroup kernels, limits at
 * the adapter's maxima), and counts every buffer made, destroyed and read back on it.
 */
import { StudioError } from '../base/errors';
import type { AdapterFacts, BackendChoice, RuntimeFacts } from './runtime';

export interface GpuMemory {
  liveBytes: number;
  peakBytes: number;
  /** What came back from the GPU since the device was opened. */
  readBytes: number;
}

export interface OpenDevice {
  readonly device: GPUDevice;
  readonly adapter: AdapterFacts;
  readonly memory: GpuMemory;
  /** True once the browser took the device away. */
  readonly isLost: () => boolean;
}

const wantedFeatures = ['shader-f16', 'timestamp-query'] as const;
const subgroupFeatures = [
  'subgroups',
  'subgroup-size-control',
  'chromium-experimental-subgroup-matrix',
] as const;
/**
 * With subgroups of 4, those of the software adapter, onnxruntime-web 1.30 computes MultiHeadAttention wrongly from 32
 * rows on; without the feature it computes it rightly there (e2e/attention.spec.ts). No GPU has fewer than 8.
 */
const leastSubgroupSize = 8;

const wantedLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
  'maxBindGroups',
] as const;

export type DeviceAnswer =
  | { readonly open: OpenDevice }
  | { readonly open: null; readonly adapter: AdapterFacts | null; readonly why: RuntimeFacts['fallback'] };

/** A software adapter counts as none unless WebGPU was asked for by name. Never throws. */
export async function openDevice(choice: BackendChoice, gpu: GPU | undefined): Promise<DeviceAnswer> {
  if (choice === 'wasm') return { open: null, adapter: null, why: 'asked' };
  if (!gpu) return { open: null, adapter: null, why: 'no-webgpu' };
  const gpuAdapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!gpuAdapter) return { open: null, adapter: null, why: 'no-adapter' };
  const adapter = adapterFacts(gpuAdapter);
  if (adapter.software && choice === 'auto') return { open: null, adapter, why: 'software-adapter' };
  const hasSubgroups = (gpuAdapter.info.subgroupMinSize ?? 0) >= leastSubgroupSize;
  const features = [...wantedFeatures, ...(hasSubgroups ? subgroupFeatures : [])];
  try {
    const device = await gpuAdapter.requestDevice({
      requiredFeatures: features.filter((feature) => gpuAdapter.features.has(feature)) as GPUFeatureName[],
      requiredLimits: Object.fromEntries(wantedLimits.map((limit) => [limit, gpuAdapter.limits[limit]])),
    });
    let lost = false;
    void device.lost.then(() => (lost = true));
    return { open: { device, adapter, memory: countBuffers(device), isLost: () => lost } };
  } catch {
    return { open: null, adapter, why: 'no-adapter' };
  }
}

function adapterFacts(adapter: GPUAdapter): AdapterFacts {
  const { vendor, architecture, description } = adapter.info;
  const isFallback = 'isFallbackAdapter' in adapter.info && adapter.info.isFallbackAdapter;
  return {
    vendor,
    architecture,
    description,
    software:
      isFallback || /swiftshader|llvmpipe|software|basic render/i.test(`${architecture} ${description}`),
    f16: adapter.features.has('shader-f16'),
    maxBufferBytes: Math.min(adapter.limits.maxBufferSize, adapter.limits.maxStorageBufferBindingSize),
  };
}

/** Wraps `createBuffer`, so that what ORT allocates and reads is counted too. */
function countBuffers(device: GPUDevice): GpuMemory {
  const memory: GpuMemory = { liveBytes: 0, peakBytes: 0, readBytes: 0 };
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    let alive = true;
    memory.liveBytes += buffer.size;
    memory.peakBytes = Math.max(memory.peakBytes, memory.liveBytes);
    buffer.destroy = () => {
      if (alive) memory.liveBytes -= buffer.size;
      alive = false;
      destroy();
    };
    const mapAsync = buffer.mapAsync.bind(buffer);
    buffer.mapAsync = (mode, offset = 0, size = buffer.size - offset) => {
      if (mode === GPUMapMode.READ) memory.readBytes += size;
      return mapAsync(mode, offset, size);
    };
    return buffer;
  };
  return memory;
}

/** For a value of the engine's. @throws StudioError gpu/out-of-memory */
export async function storageBuffer(device: GPUDevice, bytes: number): Promise<GPUBuffer> {
  device.pushErrorScope('out-of-memory');
  const buffer = device.createBuffer({
    // onnxruntime writes whole vectors.
    size: Math.ceil(bytes / 16) * 16,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
  });
  if (!(await device.popErrorScope())) return buffer;
  buffer.destroy();
  throw new StudioError('gpu/out-of-memory', { bytes: buffer.size });
}
