import { describe, expect, it } from 'vitest'
import {
  fitView,
  flipView,
  initialView,
  MAX_ZOOM,
  panView,
  resizeView,
  rotateView,
  toCanvas,
  toFilm,
  zoomView,
  type Frame,
  type View
} from './view-transform'

const frame: Frame = { width: 800, height: 600, columns: 2000, rows: 2500, aspect: 1 }

function everyOrientation(): View[] {
  const views: View[] = []
  for (const flipped of [false, true])
    for (const rotation of [0, 1, 2, 3] as const)
      for (const tilt of [0, 0.12])
        views.push({ centreX: 700, centreY: 900, zoom: 0.37, rotation, tilt, flipped, fit: false })
  return views
}

describe('film to canvas and back', () => {
  it('is a round trip in every orientation, with square and oblong pixels', () => {
    for (const view of everyOrientation())
      for (const aspect of [1, 1.25]) {
        const oblong = { ...frame, aspect }
        for (const [u, v] of [
          [0, 0],
          [700, 900],
          [1999.5, 13.25]
        ] as const) {
          const { x, y } = toCanvas(view, oblong, u, v)
          const back = toFilm(view, oblong, x, y)
          expect(back.u).toBeCloseTo(u, 8)
          expect(back.v).toBeCloseTo(v, 8)
        }
      }
  })

  it('turns clockwise: what was up points right', () => {
    const view = { ...initialView(frame), fit: false }
    const above = (turned: View) => {
      const at = toCanvas(turned, frame, frame.columns / 2, frame.rows / 2 - 100)
      return [Math.sign(Math.round(at.x - 400)), Math.sign(Math.round(at.y - 300))]
    }
    expect(above(view)).toEqual([0, -1])
    expect(above(rotateView(view, frame))).toEqual([1, 0])
    expect(above(rotateView(flipView(view), frame))).toEqual([1, 0])
  })

  it('mirrors left to right on the screen, whatever the turn', () => {
    for (const view of everyOrientation()) {
      const at = toCanvas(view, frame, 300, 400)
      const mirrored = toCanvas(flipView(view), frame, 300, 400)
      expect(mirrored.x).toBeCloseTo(frame.width - at.x, 8)
      expect(mirrored.y).toBeCloseTo(at.y, 8)
    }
  })

  it('lays film pixels exactly on device pixels at whole-number zooms', () => {
    for (const zoom of [1, 2, 3])
      for (const view of everyOrientation().filter(({ tilt }) => tilt === 0)) {
        const { u, v } = toFilm({ ...view, zoom, centreX: 700.29, centreY: 899.81 }, frame, 0, 0)
        expect(u * zoom).toBeCloseTo(Math.round(u * zoom), 9)
        expect(v * zoom).toBeCloseTo(Math.round(v * zoom), 9)
      }
  })
})

describe('moving the view', () => {
  it('keeps the film point under the pointer while zooming, until a limit', () => {
    for (const view of everyOrientation()) {
      const before = toFilm(view, frame, 510, 120)
      const zoomed = zoomView(view, frame, 0.91, 510, 120)
      const after = toFilm(zoomed, frame, 510, 120)
      expect(after.u).toBeCloseTo(before.u, 8)
      expect(after.v).toBeCloseTo(before.v, 8)
    }
    expect(zoomView(everyOrientation()[0]!, frame, 1e9, 0, 0).zoom).toBe(MAX_ZOOM)
    expect(zoomView(everyOrientation()[0]!, frame, 0, 0, 0).zoom).toBe(0.5 * (600 / 2500))
  })

  it('moves the film with the pointer while panning, in every orientation', () => {
    for (const view of everyOrientation()) {
      const before = toCanvas(view, frame, 650, 800)
      const after = toCanvas(panView(view, frame, 31, -17), frame, 650, 800)
      expect(after.x - before.x).toBeCloseTo(31, 8)
      expect(after.y - before.y).toBeCloseTo(-17, 8)
    }
  })

  it('never loses the film off the canvas', () => {
    const far = panView(initialView(frame), frame, 1e6, -1e6)
    expect([far.centreX, far.centreY]).toEqual([0, frame.rows])
  })

  it('fits the whole film, turned or not, and keeps it so when the canvas changes', () => {
    const fitted = initialView(frame)
    expect(fitted.zoom).toBe(600 / 2500)
    expect(rotateView(fitted, frame).zoom).toBe(600 / 2000)
    const larger = { ...frame, width: 1600, height: 1250 }
    expect(resizeView(fitted, larger).zoom).toBe(0.5)
    const zoomed = zoomView(fitted, frame, 2, 10, 10)
    expect(resizeView(zoomed, larger).zoom).toBe(2)
    expect(fitView(zoomed, frame)).toEqual(fitted)
  })
})
