import { AGAINST_COLOUR, mapScale, TOWARDS_COLOUR } from './activation-overlay'
import { displayLut } from './display-lut'
import { uploadFilm, type FilmTexture } from './film-texture'
import { SURROUND_GREY } from './reference'
import type { Film, FilmRenderer, Scene } from './renderer'
import { COVER_VERTEX, DISPLAY_FRAGMENT, RESAMPLE_FRAGMENT } from './shaders'
import { filmFromCanvas } from './view-transform'

/** Films kept on the graphics card: the one shown, the next, and one to go back to; fewer where they are very large. */
const KEPT_FILMS = 3
const KEPT_BYTES = 512 * 1024 * 1024

interface Program {
  program: WebGLProgram
  at(name: string): WebGLUniformLocation | null
}

function compile(gl: WebGL2RenderingContext, fragment: string): Program {
  const program = gl.createProgram()
  for (const [type, source] of [
    [gl.VERTEX_SHADER, COVER_VERTEX],
    [gl.FRAGMENT_SHADER, fragment]
  ] as const) {
    const shader = gl.createShader(type)!
    gl.shaderSource(shader, source)
    gl.compileShader(shader)
    gl.attachShader(program, shader)
    gl.deleteShader(shader)
  }
  gl.linkProgram(program)
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost())
    throw new Error(`Shader: ${gl.getProgramInfoLog(program) ?? 'unknown'}`)
  const locations = new Map<string, WebGLUniformLocation | null>()
  return {
    program,
    at(name) {
      if (!locations.has(name)) locations.set(name, gl.getUniformLocation(program, name))
      return locations.get(name)!
    }
  }
}

/** What lives on the graphics card and is lost with the context. */
interface Resources {
  resample: Program
  display: Program
  lut: WebGLTexture
  map: WebGLTexture
  resampled: WebGLTexture | null
  framebuffer: WebGLFramebuffer
  films: FilmTexture[]
}

function createResources(gl: WebGL2RenderingContext): Resources {
  const lut = gl.createTexture()
  gl.bindTexture(gl.TEXTURE_2D, lut)
  gl.texStorage2D(gl.TEXTURE_2D, 1, gl.R16UI, 256, 256)
  nearest(gl)
  return {
    resample: compile(gl, RESAMPLE_FRAGMENT),
    display: compile(gl, DISPLAY_FRAGMENT),
    lut,
    map: gl.createTexture(),
    resampled: null,
    framebuffer: gl.createFramebuffer(),
    films: []
  }
}

function nearest(gl: WebGL2RenderingContext): void {
  for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
    gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST)
}

export interface WebglOptions {
  /** Longest side of one texture; the device's own limit by default. */
  largestTexture?: number
  /** Called when a lost context is back: the scene must be drawn again. */
  onRestored(): void
}

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i

/** Whether WebGL2 is there and done by a graphics card; emulated, it is several times slower than the canvas renderer. */
export function hasGraphicsCard(): boolean {
  const gl = document.createElement('canvas').getContext('webgl2')
  if (!gl) return false
  const info = gl.getExtension('WEBGL_debug_renderer_info')
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER))
  gl.getExtension('WEBGL_lose_context')?.loseContext()
  return !SOFTWARE.test(name)
}

/**
 * The renderer for every machine with a graphics card.
 * @returns null where WebGL2 is missing
 */
export function createWebglRenderer(canvas: HTMLCanvasElement, options: WebglOptions): FilmRenderer | null {
  const context = canvas.getContext('webgl2', {
    alpha: false,
    antialias: false,
    depth: false,
    stencil: false
  })
  if (!context) return null
  const gl = context
  const largest = options.largestTexture ?? (gl.getParameter(gl.MAX_TEXTURE_SIZE) as number)
  let resources = createResources(gl)
  /** What the resampled texture, the table and the map texture hold now. */
  let drawn: { scene: Scene | null; width: number; height: number } = { scene: null, width: 0, height: 0 }

  const onLost = (event: Event) => event.preventDefault()
  const onRestored = () => {
    resources = createResources(gl)
    drawn = { scene: null, width: 0, height: 0 }
    options.onRestored()
  }
  canvas.addEventListener('webglcontextlost', onLost)
  canvas.addEventListener('webglcontextrestored', onRestored)

  /** The film's texture, most recently used first. */
  function textureOf(film: Film): FilmTexture {
    const known = resources.films.find(texture => texture.film === film)
    const texture = known ?? uploadFilm(gl, film, largest)
    resources.films = [texture, ...resources.films.filter(other => other !== texture)]
    let bytes = 0
    resources.films = resources.films.filter((kept, position) => {
      bytes += kept.byteSize
      if (position === 0 || (position < KEPT_FILMS && bytes <= KEPT_BYTES)) return true
      gl.deleteTexture(kept.texture)
      return false
    })
    return texture
  }

  function setGeometry(program: Program, scene: Scene): void {
    const m = filmFromCanvas(scene.view, scene.frame)
    gl.uniform4f(program.at('matrix'), m.a, m.b, m.c, m.d)
    gl.uniform2f(program.at('offset'), m.e, m.f)
    gl.uniform1f(program.at('canvasHeight'), scene.frame.height)
  }

  function resampleFilm(scene: Scene): void {
    const { width, height } = scene.frame
    gl.activeTexture(gl.TEXTURE1)
    if (!resources.resampled || drawn.width !== width || drawn.height !== height) {
      gl.deleteTexture(resources.resampled)
      resources.resampled = gl.createTexture()
      gl.bindTexture(gl.TEXTURE_2D, resources.resampled)
      gl.texStorage2D(gl.TEXTURE_2D, 1, gl.R32UI, width, height)
      nearest(gl)
    }
    const { texture, tileWidth, tileHeight, tilesAcross } = textureOf(scene.film)
    const { resample, framebuffer } = resources
    gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer)
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, resources.resampled, 0)
    gl.viewport(0, 0, width, height)
    gl.useProgram(resample.program)
    gl.activeTexture(gl.TEXTURE0)
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, texture)
    gl.uniform1i(resample.at('film'), 0)
    gl.uniform2i(resample.at('size'), scene.film.header.columns, scene.film.header.rows)
    gl.uniform2i(resample.at('tile'), tileWidth, tileHeight)
    gl.uniform1i(resample.at('tilesAcross'), tilesAcross)
    setGeometry(resample, scene)
    gl.uniform1i(resample.at('nearest'), scene.nearest ? 1 : 0)
    gl.drawArrays(gl.TRIANGLES, 0, 3)
    gl.bindFramebuffer(gl.FRAMEBUFFER, null)
  }

  function uploadLut(scene: Scene): void {
    gl.activeTexture(gl.TEXTURE2)
    gl.bindTexture(gl.TEXTURE_2D, resources.lut)
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 2)
    const table = displayLut(scene.film.header, scene.display)
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 256, 256, gl.RED_INTEGER, gl.UNSIGNED_SHORT, table)
  }

  function uploadMap(scene: Scene): void {
    if (!scene.overlay) return
    const { rows, columns, values } = scene.overlay.map
    gl.activeTexture(gl.TEXTURE3)
    gl.bindTexture(gl.TEXTURE_2D, resources.map)
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4)
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32F, columns, rows, 0, gl.RED, gl.FLOAT, Float32Array.from(values))
    nearest(gl)
  }

  function show(scene: Scene): void {
    const { display } = resources
    gl.useProgram(display.program)
    gl.viewport(0, 0, scene.frame.width, scene.frame.height)
    for (const [unit, name] of [
      [1, 'resampled'],
      [2, 'lut'],
      [3, 'map']
    ] as const)
      gl.uniform1i(display.at(name), unit)
    gl.activeTexture(gl.TEXTURE1)
    gl.bindTexture(gl.TEXTURE_2D, resources.resampled)
    setGeometry(display, scene)
    const { overlay } = scene
    gl.uniform1f(display.at('mapScale'), overlay ? mapScale(overlay.map) : 0)
    if (overlay) {
      const { left, top, right, bottom } = overlay.map.extent
      gl.uniform4f(display.at('mapExtent'), left, top, right, bottom)
      gl.uniform1f(display.at('opacity'), overlay.opacity)
    }
    gl.uniform3f(display.at('towards'), ...TOWARDS_COLOUR)
    gl.uniform3f(display.at('against'), ...AGAINST_COLOUR)
    gl.uniform1f(display.at('surround'), SURROUND_GREY)
    gl.drawArrays(gl.TRIANGLES, 0, 3)
  }

  return {
    kind: 'webgl2',
    prepare({ film }) {
      if (gl.isContextLost()) return
      const shown = resources.films[0]
      textureOf(film)
      if (shown) textureOf(shown.film)
    },
    draw(scene) {
      if (gl.isContextLost()) return
      if (!scene) {
        gl.clearColor(SURROUND_GREY / 255, SURROUND_GREY / 255, SURROUND_GREY / 255, 1)
        gl.clear(gl.COLOR_BUFFER_BIT)
        return
      }
      const before = drawn.scene
      const { width, height } = scene.frame
      if (canvas.width !== width) canvas.width = width
      if (canvas.height !== height) canvas.height = height
      if (
        before?.film !== scene.film ||
        before.view !== scene.view ||
        before.frame !== scene.frame ||
        before.nearest !== scene.nearest
      )
        resampleFilm(scene)
      if (before?.film !== scene.film || before.display !== scene.display) uploadLut(scene)
      if (before?.overlay?.map !== scene.overlay?.map) uploadMap(scene)
      drawn = { scene, width, height }
      show(scene)
    },
    dispose() {
      canvas.removeEventListener('webglcontextlost', onLost)
      canvas.removeEventListener('webglcontextrestored', onRestored)
      for (const { texture } of resources.films) gl.deleteTexture(texture)
      for (const texture of [resources.lut, resources.map, resources.resampled]) gl.deleteTexture(texture)
      gl.deleteFramebuffer(resources.framebuffer)
      gl.deleteProgram(resources.resample.program)
      gl.deleteProgram(resources.display.program)
    }
  }
}
