import { fitZoom, turnBack, type Frame, type View } from './view-transform'

/**
 * How one film lies on another: a place p of the first is the place scale * R p + (x, y) of the second, where R turns by
 * `turn` radians, clockwise as a film is seen. Both count pixel widths from the top left corner, down the film as well,
 * whatever shape the pixels have.
 */
export interface Registration {
  scale: number
  turn: number
  x: number
  y: number
}

/** The place of the second film that belongs to a place of the first, both in pixel widths. */
export function registeredPlace(
  { scale, turn, x, y }: Registration,
  u: number,
  v: number
): { x: number; y: number } {
  const [cos, sin] = [scale * Math.cos(turn), scale * Math.sin(turn)]
  return { x: cos * u - sin * v + x, y: sin * u + cos * v + y }
}

export function invertRegistration({ scale, turn, x, y }: Registration): Registration {
  const back = { scale: 1 / scale, turn: -turn, x: 0, y: 0 }
  const origin = registeredPlace(back, -x, -y)
  return { ...back, ...origin }
}

/** Middle on middle, as large as the other where both are shown whole: what holds until films have been aligned. */
export function wholeOnWhole(from: Frame, to: Frame): Registration {
  const scale = fitZoom({ rotation: 0 }, from) / fitZoom({ rotation: 0 }, to)
  return {
    scale,
    turn: 0,
    x: to.columns / 2 - (scale * from.columns) / 2,
    y: (to.rows * to.aspect) / 2 - (scale * from.rows * from.aspect) / 2
  }
}

/** The view of the second film in which each place lies on the canvas where `view` shows it on the first. */
export function registeredView(view: View, from: Frame, to: Frame, registration: Registration): View {
  const centre = registeredPlace(registration, view.centreX, view.centreY * from.aspect)
  return {
    ...view,
    centreX: centre.x,
    centreY: centre.y / to.aspect,
    zoom: view.zoom / registration.scale,
    tilt: view.tilt - registration.turn,
    fit: false
  }
}

/** The second film pushed by a canvas distance in device pixels. @param view how it is shown */
export function pushRegistration(
  registration: Registration,
  view: View,
  dx: number,
  dy: number
): Registration {
  const [x, y] = turnBack(view, dx, dy)
  return { ...registration, x: registration.x - x / view.zoom, y: registration.y - y / view.zoom }
}

/**
 * The second film shown `factor` times as large, and turned clockwise on the screen by `angle` radians, about the middle of
 * the canvas. @param view how it is shown
 */
export function growRegistration(
  registration: Registration,
  view: View,
  frame: Frame,
  factor: number,
  angle = 0
): Registration {
  const middle = { x: view.centreX, y: view.centreY * frame.aspect }
  // Mirrored on the screen, the film turns the other way.
  const change = { scale: 1 / factor, turn: view.flipped ? angle : -angle, x: 0, y: 0 }
  const { x, y } = registeredPlace(change, registration.x - middle.x, registration.y - middle.y)
  return {
    scale: registration.scale * change.scale,
    turn: registration.turn + change.turn,
    x: middle.x + x,
    y: middle.y + y
  }
}
