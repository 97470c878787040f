/** Looking at one picture: its patches through the vision part. */
import type { Session } from '../../runtime/runtime';
import { float32Output, float32Tensor } from '../../runtime/tensor';
import type { VisionFacts } from './model-facts';
import { patchPlaces, type Grid } from './positions';

/** What the decoder is given of one picture; each list is [tokens, hidden]. */
export interface PictureFeatures {
  readonly grid: Grid;
  readonly features: Float32Array;
  /** Added after the decoder's first layers, one list each. */
  readonly deepstack: readonly Float32Array[];
}

/** Patches in 2×2 merge order, [patches, channels·time·patch²]. */
export interface Patches {
  readonly grid: Grid;
  readonly values: Float32Array;
}

/** @throws StudioError as `Session.run` */
export async function lookAt(
  session: Session,
  { grid, values }: Patches,
  facts: VisionFacts,
): Promise<PictureFeatures> {
  const count = grid.height * grid.width;
  const places = patchPlaces(grid, facts);
  const outputs = await session.run({
    patches: float32Tensor([count, values.length / count], values),
    position_indices: { type: 'int64', dims: [count, 4], data: places.indices },
    position_weights: float32Tensor([count, 4], places.weights),
    cos: float32Tensor([count, facts.headSize / 2], places.cos),
    sin: float32Tensor([count, facts.headSize / 2], places.sin),
  });
  const deepstack = Array.from({ length: facts.deepstack }, (_, k) =>
    float32Output(outputs, `deepstack_features_${k}`),
  );
  return { grid, features: float32Output(outputs, 'features'), deepstack };
}
