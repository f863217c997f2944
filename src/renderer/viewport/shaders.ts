/** One triangle that covers the canvas. */
export const COVER_VERTEX = `#version 300 es
void main() {
  vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
  gl_Position = vec4(corner, 0.0, 1.0);
}`

/**
 * First pass, run when film or view change: stored values under each canvas pixel by the triangle filter of resample.ts,
 * as the bits of a float (R32UI can be drawn to on every WebGL2 device, R32F cannot); all ones outside the film. The
 * film lies in layers of `tile` pixels, so that it may exceed the largest texture.
 */
export const RESAMPLE_FRAGMENT = `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2DArray;
uniform usampler2DArray film;
uniform ivec2 size;
uniform ivec2 tile;
uniform int tilesAcross;
uniform vec4 matrix;
uniform vec2 offset;
uniform float canvasHeight;
uniform bool nearest;
out uint stored;

float valueAt(int x, int y) {
  if (tilesAcross == 0) return float(texelFetch(film, ivec3(x, y, 0), 0).r);
  ivec2 which = ivec2(x / tile.x, y / tile.y);
  return float(texelFetch(film, ivec3(x - which.x * tile.x, y - which.y * tile.y, which.y * tilesAcross + which.x), 0).r);
}

void main() {
  vec2 canvas = vec2(gl_FragCoord.x, canvasHeight - gl_FragCoord.y);
  vec2 at = vec2(matrix.x * canvas.x + matrix.z * canvas.y, matrix.y * canvas.x + matrix.w * canvas.y) + offset;
  if (!(at.x >= 0.0 && at.y >= 0.0 && at.x < float(size.x) && at.y < float(size.y))) {
    stored = 0xffffffffu;
    return;
  }
  vec2 stride = vec2(abs(matrix.x) + abs(matrix.z), abs(matrix.y) + abs(matrix.w));
  vec2 support = max(vec2(1.0), stride);
  ivec2 first = max(ivec2(0), ivec2(ceil(at - support - 0.5)));
  ivec2 last = min(size - 1, ivec2(floor(at + support - 0.5)));
  bvec2 single = bvec2(nearest && stride.x < 1.0, nearest && stride.y < 1.0);
  if (single.x) first.x = last.x = int(floor(at.x));
  if (single.y) first.y = last.y = int(floor(at.y));
  float sum = 0.0;
  float total = 0.0;
  for (int y = first.y; y <= last.y; y++) {
    float down = single.y ? 1.0 : max(0.0, 1.0 - abs(float(y) + 0.5 - at.y) / support.y);
    for (int x = first.x; x <= last.x; x++) {
      float weight = down * (single.x ? 1.0 : max(0.0, 1.0 - abs(float(x) + 0.5 - at.x) / support.x));
      sum += weight * valueAt(x, y);
      total += weight;
    }
  }
  stored = floatBitsToUint(sum / total);
}`

/**
 * Second pass, run whenever anything changes: display table (256 x 256, 8.8 fixed point) and activation overlay. The
 * grey is rounded here, not by the hardware, so that it is the reference's to the last bit.
 */
export const DISPLAY_FRAGMENT = `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;
uniform usampler2D resampled;
uniform usampler2D lut;
uniform highp sampler2D map;
uniform vec4 matrix;
uniform vec2 offset;
uniform float canvasHeight;
uniform vec4 mapExtent;
uniform float mapScale;
uniform float opacity;
uniform vec3 towards;
uniform vec3 against;
uniform float surround;
out vec4 colour;

float entry(int index) {
  return float(texelFetch(lut, ivec2(index & 255, index >> 8), 0).r);
}

float mapAt(vec2 film) {
  if (film.x < mapExtent.x || film.y < mapExtent.y || film.x > mapExtent.z || film.y > mapExtent.w) return 0.0;
  ivec2 cells = textureSize(map, 0);
  vec2 place = (film - mapExtent.xy) / (mapExtent.zw - mapExtent.xy) * vec2(cells) - 0.5;
  place = clamp(place, vec2(0.0), vec2(cells - 1));
  ivec2 low = ivec2(place);
  ivec2 high = min(low + 1, cells - 1);
  vec2 part = place - vec2(low);
  float upper = mix(texelFetch(map, low, 0).r, texelFetch(map, ivec2(high.x, low.y), 0).r, part.x);
  float lower = mix(texelFetch(map, ivec2(low.x, high.y), 0).r, texelFetch(map, high, 0).r, part.x);
  return mix(upper, lower, part.y);
}

void main() {
  uint bits = texelFetch(resampled, ivec2(gl_FragCoord.xy), 0).r;
  if (bits == 0xffffffffu) {
    colour = vec4(vec3(surround / 255.0), 1.0);
    return;
  }
  float value = uintBitsToFloat(bits);
  float below = floor(value);
  int index = int(below);
  float low = entry(index);
  float high = entry(min(index + 1, 65535));
  float grey = floor((low + (high - low) * (value - below) + 128.0) / 256.0);
  vec3 shown = vec3(grey);
  if (mapScale > 0.0) {
    vec2 canvas = vec2(gl_FragCoord.x, canvasHeight - gl_FragCoord.y);
    vec2 film = vec2(matrix.x * canvas.x + matrix.z * canvas.y, matrix.y * canvas.x + matrix.w * canvas.y) + offset;
    float strength = mapAt(film) / mapScale;
    vec3 hue = strength > 0.0 ? towards : against;
    shown = floor(mix(shown, hue, opacity * min(1.0, abs(strength))) + 0.5);
  }
  colour = vec4(shown / 255.0, 1.0);
}`
