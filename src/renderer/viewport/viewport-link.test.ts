import { describe, expect, it } from 'vitest'
import { registeredView, wholeOnWhole, type Registration } from './registration'
import { testFilm } from './test-film'
import { frameOf, initialView, panView, toCanvas, zoomView } from './view-transform'
import { ViewportLink, type Linked } from './viewport-link'
import type { Film } from './renderer'
import type { ViewportState } from './viewport'
import { presetVoi, windowBetween } from './windows'

/** A viewport without a canvas. */
class FakeViewport implements Linked {
  state: ViewportState
  #listeners = new Set<(state: ViewportState) => void>()

  constructor(film: Film) {
    const frame = frameOf(film, 800, 600)
    this.state = {
      film,
      frame,
      view: initialView(frame),
      preset: 'auto',
      sentIndex: 0,
      display: { voi: presetVoi('auto', film.header, film.range), inverted: false },
      overlay: null,
      nearest: false,
      renderer: 'canvas'
    }
  }

  subscribe(listener: (state: ViewportState) => void) {
    this.#listeners.add(listener)
    listener(this.state)
    return () => this.#listeners.delete(listener)
  }

  adopt(part: Partial<ViewportState>) {
    this.state = { ...this.state, ...part }
    for (const listener of this.#listeners) listener(this.state)
  }

  zoom(factor: number) {
    const { view, frame } = this.state
    this.adopt({ view: zoomView(view, frame, view.zoom * factor, 300, 200) })
  }

  show(film: Film) {
    this.adopt(new FakeViewport(film).state)
  }
}

const first = testFilm(() => 0, { columns: 1000, rows: 900 }, 'first')
const second = testFilm(
  () => 0,
  { columns: 640, rows: 800, percentiles: { p0_5: 0, p2: 50, p50: 900, p98: 1800, p99_5: 1950 } },
  'second'
)
const third = testFilm(() => 0, { columns: 500, rows: 500 }, 'third')

function linked(rules: Partial<{ view: boolean; window: boolean; registration: Registration | null }> = {}) {
  const given = { view: true, window: true, registration: null, ...rules }
  const link = new ViewportLink({ ...given, registration: () => given.registration })
  const [a, b] = [new FakeViewport(first), new FakeViewport(second)]
  link.add(a)
  link.add(b)
  return { link, a, b }
}

describe('linked viewports', () => {
  it('zoom by as much as each other, from either one, about the same place of the whole', () => {
    const { a, b } = linked()
    const fits = [a.state.view.zoom, b.state.view.zoom]
    a.zoom(2)
    expect(b.state.view.zoom / fits[1]!).toBeCloseTo(2, 9)
    expect(b.state.view.centreX / 640).toBeCloseTo(
      0.5 + ((a.state.view.centreX - 500) / 640) * (fits[0]! / fits[1]!),
      9
    )
    b.zoom(2)
    expect(a.state.view.zoom / fits[0]!).toBeCloseTo(4, 9)
  })

  it('show the same place of the chest once the films have been aligned', () => {
    const registration = { scale: 0.7, turn: 0, x: -30, y: 55 }
    const { a, b } = linked({ registration })
    a.zoom(1.7)
    a.adopt({ view: panView(a.state.view, a.state.frame, -80, 35) })
    const place = toCanvas(a.state.view, a.state.frame, 410, 520)
    const other = toCanvas(b.state.view, b.state.frame, 0.7 * 410 - 30, 0.7 * 520 + 55)
    expect(other.x).toBeCloseTo(place.x, 6)
    expect(other.y).toBeCloseTo(place.y, 6)
  })

  it('keep each film whole where one is fitted, and each its own side up', () => {
    const { a, b } = linked({ registration: { scale: 0.7, turn: 0, x: 0, y: 0 } })
    b.adopt({ view: { ...b.state.view, flipped: true } })
    a.zoom(2)
    expect(b.state.view.flipped).toBe(true)
    expect(a.state.view.flipped).toBe(false)
    a.adopt({ view: initialView(a.state.frame) })
    expect(b.state.view).toEqual({ ...initialView(b.state.frame), flipped: true })
  })

  it('share a preset or a relative window, never centre and width', () => {
    const { a, b } = linked()
    a.adopt({
      preset: 'lung',
      display: { inverted: false, voi: presetVoi('lung', first.header, first.range) }
    })
    expect(b.state).toMatchObject({
      preset: 'lung',
      display: { voi: presetVoi('lung', second.header, second.range) }
    })
    // The lower half of the automatic window of each.
    a.adopt({ preset: null, display: { inverted: false, voi: windowBetween(100, 2000) } })
    expect(b.state.display!.voi).toMatchObject({ center: 487.5, width: 975 })
  })

  it('leave each other alone where a link is off', () => {
    const { a, b } = linked({ view: false, window: false })
    const before = b.state
    a.zoom(2)
    a.adopt({ preset: null, display: { inverted: true, voi: windowBetween(1, 2) } })
    expect(b.state).toBe(before)
  })

  it('let a film that newly hangs take after the first, and the first never after it', () => {
    const { a, b } = linked()
    a.zoom(3)
    const before = a.state.view
    b.show(third)
    expect(a.state.view).toBe(before)
    const expected = registeredView(
      before,
      a.state.frame,
      b.state.frame,
      wholeOnWhole(a.state.frame, b.state.frame)
    )
    expect(b.state.view).toEqual(expected)
  })

  it('do nothing while one is changed quietly', () => {
    const { link, a, b } = linked()
    const before = b.state
    link.quietly(() => a.zoom(2))
    expect(b.state).toBe(before)
    link.follow(a)
    expect(b.state.view.zoom).not.toBe(before.view.zoom)
  })
})
