// The lift on the GPU: one invocation a pixel of a strip. Twin of rows.ts, which names the ten planes (planes.ts).

struct Strip {
  width: u32,
  height: u32,
  planesWidth: u32,
  planesHeight: u32,
  guideWidth: u32,
  guideHeight: u32,
  textureLevels: f32,
  faintLevels: f32,
  clearLevels: f32,
  steepness: f32,
  share: f32,
}

@group(0) @binding(0) var<uniform> strip: Strip;
@group(0) @binding(1) var<storage, read> planes: array<f32>;
@group(0) @binding(2) var<storage, read> guide: array<u32>;
@group(0) @binding(3) var<storage, read> columns: array<vec4f>;
@group(0) @binding(4) var<storage, read> rows: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> picture: array<u32>;

const lumaWeights = vec3f(0.299, 0.587, 0.114);

fn planesAt(x: i32, y: i32) -> u32 {
  let column = u32(clamp(x, 0, i32(strip.planesWidth) - 1));
  let row = u32(clamp(y, 0, i32(strip.planesHeight) - 1));
  return (row * strip.planesWidth + column) * 10;
}

fn guideAt(x: i32, y: i32) -> f32 {
  let column = u32(clamp(x, 0, i32(strip.guideWidth) - 1));
  let row = u32(clamp(y, 0, i32(strip.guideHeight) - 1));
  return dot(unpack4x8unorm(guide[row * strip.guideWidth + column]).rgb * 255, lumaWeights);
}

// Weights of a uniform cubic B-spline at t between its two middle taps.
fn splineTaps(t: f32) -> vec4f {
  let u = 1 - t;
  return vec4f(u * u * u, 4 - 6 * t * t + 3 * t * t * t, 4 - 6 * u * u + 3 * u * u * u, t * t * t) / 6;
}

@compute @workgroup_size(8, 8)
fn lift(@builtin(global_invocation_id) at: vec3u) {
  if (at.x >= strip.width || at.y >= strip.height) {
    return;
  }
  let column = columns[at.x];
  let row = rows[at.y];
  let x = i32(column.x);
  let y = i32(row.x);

  var smoothed = vec4f(0);
  let across = splineTaps(column.y);
  let down = splineTaps(row.y);
  for (var j = 0; j < 4; j++) {
    for (var i = 0; i < 4; i++) {
      let p = planesAt(x + i - 1, y + j - 1);
      smoothed += down[j] * across[i] * vec4f(planes[p], planes[p + 1], planes[p + 2], planes[p + 3]);
    }
  }
  var range = vec2f(0);
  var slopes = vec4f(0);
  for (var j = 0; j < 2; j++) {
    for (var i = 0; i < 2; i++) {
      let p = planesAt(x + i, y + j);
      let share = select(1 - column.y, column.y, i == 1) * select(1 - row.y, row.y, j == 1);
      range += share * vec2f(planes[p + 4], planes[p + 5]);
      slopes += share * vec4f(planes[p + 6], planes[p + 7], planes[p + 8], planes[p + 9]);
    }
  }
  let luma = dot(smoothed.rgb, lumaWeights);

  let gx = i32(column.z);
  let gy = i32(row.z);
  let upper = mix(guideAt(gx, gy), guideAt(gx + 1, gy), column.w);
  let lower = mix(guideAt(gx, gy + 1), guideAt(gx + 1, gy + 1), column.w);
  let detail = mix(upper, lower, row.w) - smoothed.w;
  let edge = sign(detail) * max(abs(detail) - strip.textureLevels, 0);
  let followed = clamp(luma + slopes.w * edge, range.x, range.y);

  let span = range.y - range.x;
  let place = clamp((followed - range.x) / max(span, 1), 0, 1);
  let steep = smoothstep(0, 1, strip.steepness * (place - 0.5) + 0.5);
  let weight = strip.share * smoothstep(strip.faintLevels, strip.clearLevels, span);
  let change = followed + weight * span * (steep - place) - luma;
  let colour = clamp(smoothed.rgb + slopes.xyz * change, vec3f(0), vec3f(255)) / 255;
  picture[at.y * strip.width + at.x] = pack4x8unorm(vec4f(colour, 1));
}
