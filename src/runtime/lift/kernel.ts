/** The lift on our own GPU device (lift.wgsl), strip by strip. Every buffer lives for one strip alone. */
import code from './lift.wgsl?raw';
import type { Strip } from './strip';

export type StripKernel = (strip: Strip, out: Uint32Array) => Promise<void>;

/** Opaque RGBA words into `out`, within one level of `liftRows`. Rejects where the device is lost or refuses. */
export async function openLiftKernel(device: GPUDevice): Promise<StripKernel> {
  const pipeline = await device.createComputePipelineAsync({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code }), entryPoint: 'lift' },
  });
  return async (strip, out) => {
    const buffers: GPUBuffer[] = [];
    const buffer = (size: number, usage: number) => {
      const made = device.createBuffer({ size, usage });
      buffers.push(made);
      return made;
    };
    const filled = (data: Float32Array | Uint8ClampedArray, usage: number) => {
      const made = buffer(data.byteLength, usage | GPUBufferUsage.COPY_DST);
      device.queue.writeBuffer(made, 0, data.buffer, data.byteOffset, data.byteLength);
      return made;
    };
    device.pushErrorScope('out-of-memory');
    device.pushErrorScope('validation');
    try {
      const picture = buffer(out.byteLength, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC);
      const readback = buffer(out.byteLength, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
      const bindings = [
        filled(stripUniform(strip), GPUBufferUsage.UNIFORM),
        filled(strip.planes, GPUBufferUsage.STORAGE),
        filled(strip.guide, GPUBufferUsage.STORAGE),
        filled(strip.columns, GPUBufferUsage.STORAGE),
        filled(strip.rows, GPUBufferUsage.STORAGE),
        picture,
      ];
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(
        0,
        device.createBindGroup({
          layout: pipeline.getBindGroupLayout(0),
          entries: bindings.map((bound, binding) => ({ binding, resource: { buffer: bound } })),
        }),
      );
      pass.dispatchWorkgroups(Math.ceil(strip.width / 8), Math.ceil(strip.height / 8));
      pass.end();
      encoder.copyBufferToBuffer(picture, 0, readback, 0, out.byteLength);
      device.queue.submit([encoder.finish()]);
      const [invalid, full] = await Promise.all([device.popErrorScope(), device.popErrorScope()]);
      if (full) throw new Error(`out of memory: ${full.message}`);
      if (invalid) throw new Error(invalid.message);
      await readback.mapAsync(GPUMapMode.READ);
      out.set(new Uint32Array(readback.getMappedRange()));
    } finally {
      for (const made of buffers) made.destroy();
    }
  };
}

/** The struct `Strip` of lift.wgsl, padded to a multiple of 16 bytes. */
function stripUniform(strip: Strip): Float32Array {
  const { settings } = strip;
  const words = new Float32Array(12);
  new Uint32Array(words.buffer).set([
    strip.width,
    strip.height,
    strip.planesWidth,
    strip.planesHeight,
    strip.guideWidth,
    strip.guideHeight,
  ]);
  words.set(
    [settings.textureLevels, settings.faintLevels, settings.clearLevels, settings.steepness, settings.share],
    6,
  );
  return words;
}
