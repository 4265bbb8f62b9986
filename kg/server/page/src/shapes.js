// Nodes as discs, squares and diamonds with a rim, so that kinds differ by more than colour.
import { NodeProgram } from "sigma/rendering";
import { floatColor } from "sigma/utils";

const VERTEX = `
attribute vec4 a_id;
attribute vec4 a_color;
attribute vec4 a_rim;
attribute vec2 a_position;
attribute float a_size;
attribute float a_shape;
attribute vec2 a_corner;
uniform mat3 u_matrix;
uniform float u_sizeRatio;
uniform float u_correctionRatio;
varying vec4 v_color;
varying vec4 v_rim;
varying vec2 v_at;
varying float v_radius;
varying float v_shape;
const float bias = 255.0 / 254.0;
void main() {
  float size = a_size * u_correctionRatio / u_sizeRatio * 4.0;
  v_at = a_corner * size * 0.64; // as far as the diamond's points, and a little
  gl_Position = vec4((u_matrix * vec3(a_position + v_at, 1)).xy, 0, 1);
  v_radius = size / 2.0;
  v_shape = a_shape;
  #ifdef PICKING_MODE
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_color.a *= bias;
  v_rim = a_rim;
  v_rim.a *= bias;
}`;

const FRAGMENT = `
precision highp float;
varying vec4 v_color;
varying vec4 v_rim;
varying vec2 v_at;
varying float v_radius;
varying float v_shape;
uniform float u_correctionRatio;
void main(void) {
  float pixel = u_correctionRatio * 2.0;
  float far = length(v_at);
  if (v_shape > 1.5) far = (abs(v_at.x) + abs(v_at.y)) * 0.82;
  else if (v_shape > 0.5) far = max(abs(v_at.x), abs(v_at.y)) * 1.14;
  float edge = v_radius - far;
  #ifdef PICKING_MODE
  gl_FragColor = edge < 0.0 ? vec4(0.0) : v_color;
  #else
  vec4 inner = mix(v_rim, v_color, smoothstep(pixel * 0.8, pixel * 1.6, edge));
  gl_FragColor = mix(vec4(0.0), inner, smoothstep(0.0, pixel * 0.8, edge));
  #endif
}`;

const { UNSIGNED_BYTE, FLOAT, TRIANGLES } = globalThis.WebGLRenderingContext ?? {};
const SHAPES = { person: 0, country: 1, event: 2 };

export class ShapeProgram extends NodeProgram {
  getDefinition() {
    return {
      VERTICES: 6,
      VERTEX_SHADER_SOURCE: VERTEX,
      FRAGMENT_SHADER_SOURCE: FRAGMENT,
      METHOD: TRIANGLES,
      UNIFORMS: ["u_sizeRatio", "u_correctionRatio", "u_matrix"],
      ATTRIBUTES: [
        { name: "a_position", size: 2, type: FLOAT },
        { name: "a_size", size: 1, type: FLOAT },
        { name: "a_shape", size: 1, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_rim", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
      ],
      CONSTANT_ATTRIBUTES: [{ name: "a_corner", size: 2, type: FLOAT }],
      CONSTANT_DATA: [[-1, -1], [1, -1], [1, 1], [-1, -1], [1, 1], [-1, 1]],
    };
  }

  processVisibleItem(nodeIndex, startIndex, data) {
    const array = this.array;
    let at = startIndex;
    array[at++] = data.x;
    array[at++] = data.y;
    array[at++] = data.size;
    array[at++] = SHAPES[data.kind] ?? 0;
    array[at++] = floatColor(data.color);
    array[at++] = floatColor(data.rim);
    array[at++] = nodeIndex;
  }

  setUniforms(params, { gl, uniformLocations }) {
    gl.uniform1f(uniformLocations.u_correctionRatio, params.correctionRatio);
    gl.uniform1f(uniformLocations.u_sizeRatio, params.sizeRatio);
    gl.uniformMatrix3fv(uniformLocations.u_matrix, false, params.matrix);
  }
}
