import type { FilmPixels } from '../../src/contract'
import { renderReference } from '../../src/renderer/viewport/reference'
import type { Scene } from '../../src/renderer/viewport/renderer'
import { testFilm } from '../../src/renderer/viewport/test-film'
import { frameOf, initialView, type View } from '../../src/renderer/viewport/view-transform'
import { createWebglRenderer } from '../../src/renderer/viewport/webgl-renderer'

/** One picture drawn by the shader and by the reference. */
export interface Comparison {
  name: string
  /** Film pixels as they are, and no overlay: the two must not differ at all. */
  oneToOne: boolean
  differing: number
  largest: number
  channels: number
  error: number
}

function noise(bits: number): () => number {
  let state = 2026
  return () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> (32 - bits)
}

/** Top row first, as the reference has it. */
function readCanvas(gl: WebGL2RenderingContext, width: number, height: number): Uint8Array {
  const upsideDown = new Uint8Array(width * height * 4)
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, upsideDown)
  const rows = new Uint8Array(upsideDown.length)
  for (let y = 0; y < height; y++)
    rows.set(upsideDown.subarray((height - 1 - y) * width * 4, (height - y) * width * 4), y * width * 4)
  return rows
}

function compare(name: string, scene: Scene, largestTexture: number): Comparison {
  const { width, height } = scene.frame
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const renderer = createWebglRenderer(canvas, { largestTexture, onRestored() {} })!
  renderer.draw(scene)
  const gl = canvas.getContext('webgl2')!
  const drawn = readCanvas(gl, width, height)
  const error = gl.getError()
  renderer.dispose()
  gl.getExtension('WEBGL_lose_context')?.loseContext()

  return { name, ...difference(scene, drawn), error }
}

/** How a picture differs from the reference's. */
function difference(scene: Scene, drawn: Uint8Array): Omit<Comparison, 'name' | 'error'> {
  const film: FilmPixels = scene.film
  const wanted = renderReference(film, scene.display, scene.view, scene.frame, scene.overlay, scene.nearest)
  let differing = 0
  let largest = 0
  for (let i = 0; i < drawn.length; i++) {
    const distance = Math.abs(drawn[i]! - wanted[i]!)
    if (distance > 0) differing += 1
    largest = Math.max(largest, distance)
  }
  const { zoom, tilt } = scene.view
  const exact = (zoom === 1 && tilt === 0) || Boolean(scene.nearest)
  return { oneToOne: exact && !scene.overlay, differing, largest, channels: drawn.length }
}

/** The picture that stands after the graphics card has dropped everything and come back. */
export async function redrawAfterLoss(): Promise<Comparison> {
  const canvas = document.createElement('canvas')
  const value = noise(12)
  const film = testFilm(() => value(), { rows: 100, columns: 120 })
  const frame = frameOf(film, 160, 140)
  const scene: Scene = {
    film,
    frame,
    view: { ...initialView(frame), zoom: 1, fit: false },
    display: { voi: film.header.voi[0]!, inverted: false },
    overlay: null
  }
  let onRestored = () => {}
  const restored = new Promise<void>(resolve => (onRestored = resolve))
  const renderer = createWebglRenderer(canvas, { onRestored: () => onRestored() })!
  renderer.draw(scene)
  const gl = canvas.getContext('webgl2')!
  const extension = gl.getExtension('WEBGL_lose_context')!
  canvas.addEventListener('webglcontextlost', () => setTimeout(() => extension.restoreContext(), 50))
  extension.loseContext()
  renderer.draw(scene)
  await restored
  renderer.draw(scene)
  const drawn = readCanvas(gl, frame.width, frame.height)
  return { name: 'after a lost context', ...difference(scene, drawn), error: gl.getError() }
}

/** Both films in several orientations and zooms, in one texture and in tiles, with and without an overlay. */
export function compareAll(): Comparison[] {
  const value12 = noise(12)
  const value16 = noise(16)
  const films = [
    testFilm(() => value12(), { rows: 331, columns: 233, inverted: true }, '12-bit MONOCHROME1'),
    testFilm(
      () => value16(),
      {
        rows: 300,
        columns: 257,
        bitsStored: 16,
        voi: [{ kind: 'window', center: 30000, width: 60000, function: 'SIGMOID', explanation: null }]
      },
      '16-bit sigmoid'
    )
  ]
  const map = {
    rows: 4,
    columns: 4,
    values: Array.from({ length: 16 }, (_, i) => i - 6),
    extent: { left: -20, top: 0, right: 250, bottom: 331 }
  }
  const orientations: [View['rotation'], tilt: number, flipped: boolean][] = [
    [0, 0, false],
    [1, 0, false],
    [3, 0, true],
    [1, 0.11, true]
  ]
  const results: Comparison[] = []
  for (const film of films)
    for (const zoom of [0.31, 1, 1.7])
      for (const [rotation, tilt, flipped] of orientations)
        for (const largestTexture of [4096, 128])
          for (const overlay of [null, { map, opacity: 0.5 }]) {
            const frame = frameOf(film, 201, 177)
            const view: View = { ...initialView(frame), zoom, rotation, tilt, flipped, fit: false }
            const display = { voi: film.header.voi[0]!, inverted: false }
            const name = `${film.id}, zoom ${zoom}, ${rotation * 90} degrees and ${tilt}, tiles of ${largestTexture}`
            results.push(compare(name, { film, display, view, frame, overlay }, largestTexture))
            if (zoom > 1 && tilt === 0 && !overlay) {
              // No screen pixel's centre lies on the edge of a film pixel, where rounding would decide.
              const offEdge = { ...view, centreX: view.centreX + 0.1372, centreY: view.centreY + 0.2213 }
              const scene: Scene = { film, display, view: offEdge, frame, overlay, nearest: true }
              results.push(compare(`${name}, squares`, scene, largestTexture))
            }
          }
  return results
}

Object.assign(globalThis, { compareAll, redrawAfterLoss })
