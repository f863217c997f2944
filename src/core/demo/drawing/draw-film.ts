import type { DrawnFilm, FilmSpec } from '../film-spec'
import { drawAirways } from './airways'
import { exposePlate } from './detector'
import { drawDevices } from './devices'
import { createFrame } from './frame'
import { reuseLayer } from './layer'
import { createMediastinum } from './mediastinum'
import { drawSkeleton } from './skeleton'
import { laySoftTissue } from './soft-tissue'
import { textures } from './texture'
import { createThorax } from './thorax'

/** Draws one film. The same specification gives the same pixels. */
export function drawFilm(spec: FilmSpec): DrawnFilm {
  const { detector, anatomy, pose } = spec
  const frame = createFrame(detector.columns, detector.rows, detector.mmPerPixel, anatomy.scale, pose)
  const thorax = createThorax(spec)
  const heart = createMediastinum(spec, thorax)
  const woven = textures()
  const soft = laySoftTissue(spec, frame, thorax, heart, woven)
  const layer = reuseLayer(detector.columns, detector.rows)
  drawAirways(layer, frame, spec, thorax, heart, soft)
  drawSkeleton(layer, frame, spec, thorax)
  drawDevices(layer, frame, spec, thorax, heart.displacement)
  return exposePlate(detector, anatomy.scale, soft, layer, woven)
}
