import { fitZoom, turnBack, type Frame, type View } from './view-transform'

/**
 * How one film lies on another: a place (x, y) of the first is the place (scale * x + this.x, scale * y + this.y) of the
 * second. Both count pixel widths from the top left corner, down the film as well, whatever shape the pixels have.
 */
export interface Registration {
  scale: number
  x: number
  y: number
}

export function invertRegistration({ scale, x, y }: Registration): Registration {
  return { scale: 1 / scale, x: -x / scale, y: -y / scale }
}

/** Middle on middle, as large as the other where both are shown whole: what holds until films have been aligned. */
export function wholeOnWhole(from: Frame, to: Frame): Registration {
  const scale = fitZoom({ rotation: 0 }, from) / fitZoom({ rotation: 0 }, to)
  return {
    scale,
    x: to.columns / 2 - (scale * from.columns) / 2,
    y: (to.rows * to.aspect) / 2 - (scale * from.rows * from.aspect) / 2
  }
}

/** The view of the second film in which each place lies on the canvas where `view` shows it on the first. */
export function registeredView(view: View, from: Frame, to: Frame, registration: Registration): View {
  const { scale, x, y } = registration
  return {
    ...view,
    centreX: scale * view.centreX + x,
    centreY: (scale * view.centreY * from.aspect + y) / to.aspect,
    zoom: view.zoom / scale,
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

/** The second film shown `factor` times as large about the middle of the canvas. @param view how it is shown */
export function growRegistration(
  registration: Registration,
  view: View,
  frame: Frame,
  factor: number
): Registration {
  const { scale, x, y } = registration
  const middle = { x: view.centreX, y: view.centreY * frame.aspect }
  return {
    scale: scale / factor,
    x: middle.x - (middle.x - x) / factor,
    y: middle.y - (middle.y - y) / factor
  }
}
