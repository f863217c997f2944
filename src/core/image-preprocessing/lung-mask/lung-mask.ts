import type { StoredFilm } from '../../domain'
import { bodyPercentiles, type BodyPercentiles } from '../body-statistics'
import type { Extent } from '../model-input'
import { chestPicture, type ChestPicture, type Picture } from './chest-picture'
import { place, TEMPLATE } from './lung-template'
import { lungPercentiles } from './lung-percentiles'
import { placeTemplate } from './place-template'
import { centroid, polygonArea, type Point } from './polygon'
import { lungQuality, type LungQuality } from './quality'
import { boxBlur, withoutRibs } from './smooth'
import { traceLung } from './trace-lung'

/** One lung in film coordinates: pixel (row, column) covers [column, column + 1) x [row, row + 1). */
export interface Lung {
  /** Closed outline, 72 points. The heart's shadow is left out. */
  outline: Point[]
  /** Film pixels. */
  area: number
  box: Extent
  centroid: Point
}

/**
 * Both lungs. Sides are those of the image, since a file need not say which of the infant's it shows: `imageLeft` is the
 * infant's right lung on a film hung as usual.
 */
export interface LungMask {
  imageLeft: Lung
  imageRight: Lung
  /** Modality values inside both. */
  percentiles: BodyPercentiles
}

export interface LungFinding {
  /** Null where the quality leaves doubts: no mask rather than a wrong one. */
  mask: LungMask | null
  quality: LungQuality
}

/** Ribs are lower than this share of the body. */
const RIB_HEIGHT = 0.04
/** Chest wall: lungs keep this share of the body's width away from the air beside it. */
const CHEST_WALL = 0.035
/** Where the grey that stands for background lies among the body's own: brighter than lung. */
const FILLING = 0.6

/**
 * Finds the lungs of a frontal chest film by their shape and darkness, without learned weights: the picture is reduced to
 * 256 pixels, ribs are taken out, a template of both lungs is laid where it stands out most, and each lung's border is
 * traced from there. The same film gives the same outlines. Made for newborns lying on their back; hazy lungs are found by
 * the shape of what is left of them. Lungs that are white throughout, or not two, are not found.
 * @param percentiles of the body, where they are known already
 */
export function findLungs(
  film: StoredFilm,
  percentiles: BodyPercentiles = bodyPercentiles(film)
): LungFinding {
  const chest = chestPicture(film, percentiles.p0_5, percentiles.p99_5)
  const filled = fillBackground(chest)
  const ribless = withoutRibs(filled, Math.max(1, Math.round((RIB_HEIGHT / 2) * (chest.bottom - chest.top))))
  const flat: Picture = { ...filled, values: ribless }
  const { placement, contrast } = placeTemplate(chest, { ...flat, values: boxBlur(flat, 2) })
  const edges: Picture = { ...flat, values: boxBlur(flat, 1) }
  const [imageLeft, imageRight] = (['imageLeft', 'imageRight'] as const).map(side =>
    traceLung(
      edges,
      TEMPLATE[side].map(point => place(placement, point))
    )
  ) as [Point[], Point[]]
  const quality = lungQuality(chest, imageLeft, imageRight, contrast)
  if (quality.doubts.length > 0) return { mask: null, quality }
  const toFilm = (outline: Point[]) => lungOf(outline, film.columns / chest.columns, film.rows / chest.rows)
  const lungs = { imageLeft: toFilm(imageLeft), imageRight: toFilm(imageRight) }
  return { mask: { ...lungs, percentiles: lungPercentiles(film, lungs) }, quality }
}

/** A lung on the film, from its outline on the picture. */
function lungOf(onPicture: Point[], scaleX: number, scaleY: number): Lung {
  const outline = onPicture.map(({ x, y }) => ({ x: x * scaleX, y: y * scaleY }))
  const xs = outline.map(({ x }) => x)
  const ys = outline.map(({ y }) => y)
  return {
    outline,
    area: polygonArea(outline),
    box: {
      left: Math.min(...xs),
      top: Math.min(...ys),
      right: Math.max(...xs),
      bottom: Math.max(...ys)
    },
    centroid: centroid(outline)
  }
}

/** Background, and the chest wall before it, which may be as dark as hazy lung, made as bright as soft tissue. */
function fillBackground(chest: ChestPicture): Picture {
  const { columns, rows, values, body } = chest
  const inside = values.filter((_, at) => body[at] === 1).sort()
  const filling = inside[Math.floor(inside.length * FILLING)] ?? 0.5
  const wall = Math.round(CHEST_WALL * (chest.right - chest.left))
  const bodyShare = boxBlur({ columns, rows, values: Float32Array.from(body) }, wall)
  const fill = (value: number, at: number) =>
    body[at] === 0 ? filling : bodyShare[at]! > 0.999 ? value : Math.max(value, filling)
  return { columns, rows, values: values.map(fill) }
}
