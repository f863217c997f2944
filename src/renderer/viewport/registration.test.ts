import { describe, expect, it } from 'vitest'
import {
  growRegistration,
  invertRegistration,
  pushRegistration,
  registeredView,
  wholeOnWhole,
  type Registration
} from './registration'
import { fitView, initialView, toCanvas, type Frame, type View } from './view-transform'

const first: Frame = { width: 800, height: 600, columns: 1000, rows: 1200, aspect: 1 }
/** Pixels twice as high as wide. */
const second: Frame = { width: 800, height: 600, columns: 700, rows: 500, aspect: 2 }
const registration: Registration = { scale: 0.8, turn: 0.07, x: 40, y: -25 }
const view: View = { centreX: 420, centreY: 610, zoom: 0.7, rotation: 1, tilt: 0, flipped: true, fit: false }

/** The place of the second film that belongs to a place of the first, by the definition. */
function partner(u: number, v: number, { scale, turn, x, y }: Registration) {
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  return { u: scale * (cos * u - sin * v) + x, v: (scale * (sin * u + cos * v) + y) / second.aspect }
}

function expectOnTop(seen: View, held: Registration) {
  for (const [u, v] of [
    [0, 0],
    [1000, 0],
    [123, 1077]
  ] as const) {
    const there = partner(u, v, held)
    const a = toCanvas(view, first, u, v)
    const b = toCanvas(seen, second, there.u, there.v)
    expect(b.x).toBeCloseTo(a.x, 6)
    expect(b.y).toBeCloseTo(a.y, 6)
  }
}

describe('films registered on each other', () => {
  it('show each place where the other shows it, turned, mirrored and with other pixels', () => {
    expectOnTop(registeredView(view, first, second, registration), registration)
  })

  it('go there and back', () => {
    const there = registeredView(view, first, second, registration)
    const back = registeredView(there, second, first, invertRegistration(registration))
    expect(back.centreX).toBeCloseTo(view.centreX, 9)
    expect(back.centreY).toBeCloseTo(view.centreY, 9)
    expect(back.zoom).toBeCloseTo(view.zoom, 12)
    expect(back.tilt).toBeCloseTo(0, 12)
  })

  it('lie whole on whole until they have been aligned', () => {
    const whole = initialView(first)
    const seen = registeredView(whole, first, second, wholeOnWhole(first, second))
    const fitted = fitView(seen, second)
    expect(seen.zoom).toBeCloseTo(fitted.zoom, 12)
    expect([seen.centreX, seen.centreY]).toEqual([fitted.centreX, fitted.centreY])
  })

  it('follow a hand that pushes one of them', () => {
    const seen = registeredView(view, first, second, registration)
    const pushed = pushRegistration(registration, seen, 30, -12)
    const after = registeredView(view, first, second, pushed)
    expectOnTop(after, pushed)
    const before = toCanvas(seen, second, 350, 250)
    const moved = toCanvas(after, second, 350, 250)
    expect(moved.x - before.x).toBeCloseTo(30, 6)
    expect(moved.y - before.y).toBeCloseTo(-12, 6)
  })

  it.each([true, false])('turn clockwise on the screen about its middle (mirrored: %s)', flipped => {
    const own = { ...view, flipped }
    const seen = registeredView(own, first, second, registration)
    const turned = growRegistration(registration, seen, second, 1, 0.1)
    const after = registeredView(own, first, second, turned)
    const middle = { x: second.width / 2, y: second.height / 2 }
    const before = toCanvas(seen, second, 350, 250)
    const moved = toCanvas(after, second, 350, 250)
    const [x, y] = [before.x - middle.x, before.y - middle.y]
    expect(moved.x - middle.x).toBeCloseTo(Math.cos(0.1) * x - Math.sin(0.1) * y, 6)
    expect(moved.y - middle.y).toBeCloseTo(Math.sin(0.1) * x + Math.cos(0.1) * y, 6)
  })

  it('grow about the middle of the canvas', () => {
    const seen = registeredView(view, first, second, registration)
    const grown = growRegistration(registration, seen, second, 1.1)
    const after = registeredView(view, first, second, grown)
    expectOnTop(after, grown)
    expect(after.zoom).toBeCloseTo(seen.zoom * 1.1, 9)
    expect(after.centreX).toBeCloseTo(seen.centreX, 9)
    expect(after.centreY).toBeCloseTo(seen.centreY, 9)
  })
})
