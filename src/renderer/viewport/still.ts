import type { ActivationMap } from '../../contract'
import { mapScale } from './activation-overlay'
import type { Film, Scene } from './renderer'
import { frameOf, initialView } from './view-transform'
import { initialPreset, presetVoi } from './windows'

/** How strong the strongest place of the strongest map is laid over a still. */
const OPACITY = 0.62

/**
 * A film as it opens, whole, on a canvas of this size in device pixels.
 * @param map laid over it; @param scale magnitude at which colour is full, so that maps beside each other can be compared
 */
export function stillScene(
  film: Film,
  { width, height }: { width: number; height: number },
  map: ActivationMap | null,
  scale: number
): Scene {
  const frame = frameOf(film, width, height)
  const own = map ? mapScale(map) : 0
  return {
    film,
    frame,
    view: initialView(frame),
    display: { voi: presetVoi(initialPreset(film.header), film.header, film.range), inverted: false },
    overlay: map && own > 0 ? { map, opacity: OPACITY * Math.min(1, own / scale) } : null
  }
}
