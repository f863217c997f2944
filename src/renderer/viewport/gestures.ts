import type { WindowVoi } from './display-lut'
import type { Viewport } from './viewport'

const LEFT = 0
const MIDDLE = 1
const RIGHT = 2

/** Zoom per CSS pixel of right drag, and per notch of the wheel (100 units of deltaY). */
const ZOOM_PER_PIXEL = 1.006
const ZOOM_PER_NOTCH = 1.15

/**
 * Mouse, pen and touch-pad on the film: left drag window/level (right widens, up brightens), middle drag pan, right drag
 * or wheel zoom about where it began, double click fit. Shift with left drag pans, for mice without a middle button.
 * @param element takes the events and covers exactly the canvas
 * @param onPoint the canvas point under the pointer in device pixels, null when it leaves
 */
export function attachGestures(
  element: HTMLElement,
  viewport: Viewport,
  onPoint: (point: { x: number; y: number } | null) => void
): () => void {
  let drag: { id: number; button: number; window: WindowVoi | null; x: number; y: number } | null = null
  let last = { x: 0, y: 0 }

  /** Canvas coordinates of an event. */
  const place = (event: MouseEvent) => {
    const box = element.getBoundingClientRect()
    const ratio = viewport.state.frame.width / box.width
    return { x: (event.clientX - box.left) * ratio, y: (event.clientY - box.top) * ratio, ratio }
  }

  const onDown = (event: PointerEvent) => {
    if (drag || ![LEFT, MIDDLE, RIGHT].includes(event.button)) return
    event.preventDefault()
    const button = event.button === LEFT && event.shiftKey ? MIDDLE : event.button
    drag = { id: event.pointerId, button, window: viewport.window, x: event.clientX, y: event.clientY }
    last = { x: event.clientX, y: event.clientY }
    element.setPointerCapture(event.pointerId)
  }

  const onMove = (event: PointerEvent) => {
    onPoint(place(event))
    if (!drag || event.pointerId !== drag.id) return
    const dx = event.clientX - last.x
    const dy = event.clientY - last.y
    last = { x: event.clientX, y: event.clientY }
    const { x, y, ratio } = place(event)
    if (drag.button === LEFT) {
      const { window } = drag
      if (window && (event.clientX !== drag.x || event.clientY !== drag.y))
        viewport.dragWindow(window, event.clientX - drag.x, event.clientY - drag.y)
    } else if (drag.button === MIDDLE) {
      viewport.panBy(dx * ratio, dy * ratio)
    } else {
      const startX = x - (event.clientX - drag.x) * ratio
      const startY = y - (event.clientY - drag.y) * ratio
      viewport.zoomBy(ZOOM_PER_PIXEL ** -dy, startX, startY)
    }
  }

  const onUp = (event: PointerEvent) => {
    if (drag?.id === event.pointerId) drag = null
  }

  const onWheel = (event: WheelEvent) => {
    event.preventDefault()
    const notches = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY / 100 : event.deltaY / 3
    const { x, y } = place(event)
    viewport.zoomBy(ZOOM_PER_NOTCH ** -notches, x, y)
  }

  const onDouble = () => viewport.fit()
  const onLeave = () => onPoint(null)
  const onMenu = (event: Event) => event.preventDefault()

  element.addEventListener('pointerdown', onDown)
  element.addEventListener('pointermove', onMove)
  element.addEventListener('pointerup', onUp)
  element.addEventListener('pointercancel', onUp)
  element.addEventListener('pointerleave', onLeave)
  element.addEventListener('wheel', onWheel, { passive: false })
  element.addEventListener('dblclick', onDouble)
  element.addEventListener('contextmenu', onMenu)
  return () => {
    element.removeEventListener('pointerdown', onDown)
    element.removeEventListener('pointermove', onMove)
    element.removeEventListener('pointerup', onUp)
    element.removeEventListener('pointercancel', onUp)
    element.removeEventListener('pointerleave', onLeave)
    element.removeEventListener('wheel', onWheel)
    element.removeEventListener('dblclick', onDouble)
    element.removeEventListener('contextmenu', onMenu)
  }
}
