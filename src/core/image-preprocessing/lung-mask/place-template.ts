import type { ChestPicture, Picture } from './chest-picture'
import {
  place,
  TEMPLATE,
  templateProbes,
  ZONES,
  type Placement,
  type Probe,
  type Zone
} from './lung-template'
import { sample } from './smooth'

/** What the mean grey of each zone counts for in the contrast. */
const WEIGHT_OF: Record<Zone, number> = {
  imageLeft: -0.5,
  imageRight: -0.5,
  between: 0.35,
  below: 0.3,
  outside: 0.2,
  above: 0.15
}
const ZONE_WEIGHTS = ZONES.map(zone => WEIGHT_OF[zone])

/** Half the chest's width as shares of the body's, and the lungs' height as multiples of half the width. */
const WIDTHS = [0.27, 0.32, 0.37, 0.42, 0.47, 0.52]
const PROPORTIONS = [1.15, 1.4, 1.65, 1.9, 2.2]
const PLACES = 9
/** What the border counts for beside the areas, and how far to both sides of it greys are compared, template units. */
const EDGE_WEIGHT = 1
const EDGE_REACH = 0.06
/** Rise of grey over the border that counts in full. */
const CLEAR_RISE = 0.12
/** Placements of the coarse search that are followed up. */
const FOLLOWED = 4

export interface Placed {
  placement: Placement
  /** Mean grey about the lungs less that inside, in standard deviations of all of it. */
  contrast: number
}

/**
 * Lays the template over the picture where the lungs stand out most: first everywhere it could lie, upright, then from
 * the best few by ever smaller steps.
 * @param picture smoothed, ribs taken out, background as bright as the body
 */
export function placeTemplate(chest: ChestPicture, picture: Picture): Placed {
  const all = templateProbes()
  const probes = tableOf(all)
  const score = (placement: Placement) =>
    contrastOf(picture, probes, placement) +
    EDGE_WEIGHT * edgeOf(picture, placement) -
    strangeness(chest, placement)
  const coarse = tableOf(all.filter((_, i) => i % 4 === 0))
  const starts: { placement: Placement; score: number }[] = []
  for (const placement of placements(chest)) {
    const found = contrastOf(picture, coarse, placement) - strangeness(chest, placement)
    if (starts.length === FOLLOWED && found <= starts.at(-1)!.score) continue
    starts.push({ placement, score: found })
    starts.sort((a, b) => b.score - a.score)
    starts.length = Math.min(starts.length, FOLLOWED)
  }
  let best: { placement: Placement; score: number } | null = null
  for (const start of starts) {
    const refined = refine(start.placement, score)
    if (!best || refined.score > best.score) best = refined
  }
  if (!best) return { placement: middleOf(chest), contrast: 0 }
  return { placement: best.placement, contrast: contrastOf(picture, probes, best.placement) }
}

/** Stands for a place where the picture is too flat or too narrow to hold a chest. */
function middleOf({ left, right, top, bottom }: ChestPicture): Placement {
  const width = WIDTHS[0]! * (right - left)
  return { x: (left + right) / 2, y: (top + bottom) / 2, width, height: PROPORTIONS[0]! * width, tilt: 0 }
}

function* placements({ left, right, top, bottom }: ChestPicture): Generator<Placement> {
  const bodyWidth = right - left
  const bodyHeight = bottom - top
  for (const share of WIDTHS)
    for (const proportion of PROPORTIONS) {
      const width = share * bodyWidth
      const height = proportion * width
      if (height > 1.15 * bodyHeight) continue
      for (let i = 0; i < PLACES; i++)
        for (let j = 0; j < PLACES; j++) {
          const x = left + bodyWidth * (0.35 + (0.3 * i) / (PLACES - 1))
          const y = top + bodyHeight * (0.25 + (0.5 * j) / (PLACES - 1))
          yield { x, y, width, height, tilt: 0 }
        }
    }
}

/** How unlike a chest film a placement is: off the middle, narrow, tilted, long or squat. In units of contrast. */
function strangeness({ left, right }: ChestPicture, { x, width, height, tilt }: Placement): number {
  const bodyWidth = right - left
  const aside = (x - (left + right) / 2) / bodyWidth
  const size = width / bodyWidth - 0.42
  const proportion = Math.log(height / width / 1.65)
  return 2 * aside ** 2 + 2 * size ** 2 + 1.2 * proportion ** 2 + 2 * tilt ** 2
}

/** Probes as columns of numbers: the search reads some hundred thousand of them. */
interface ProbeTable {
  x: Float64Array
  y: Float64Array
  /** Index into ZONES. */
  zone: Uint8Array
}

function tableOf(probes: readonly Probe[]): ProbeTable {
  return {
    x: Float64Array.from(probes, ({ x }) => x),
    y: Float64Array.from(probes, ({ y }) => y - 0.5),
    zone: Uint8Array.from(probes, ({ zone }) => ZONES.indexOf(zone))
  }
}

const sums = new Float64Array(ZONES.length)
const counts = new Float64Array(ZONES.length)

function contrastOf(picture: Picture, probes: ProbeTable, { x, y, width, height, tilt }: Placement): number {
  const { columns, rows, values } = picture
  const [acrossX, acrossY] = [width * Math.cos(tilt), width * Math.sin(tilt)]
  const [downX, downY] = [-height * Math.sin(tilt), height * Math.cos(tilt)]
  sums.fill(0)
  counts.fill(0)
  let total = 0
  let squares = 0
  const length = probes.x.length
  for (let i = 0; i < length; i++) {
    const u = probes.x[i]!
    const v = probes.y[i]!
    // The picture is smooth: the nearest pixel will do.
    const column = Math.floor(x + u * acrossX + v * downX)
    const row = Math.floor(y + u * acrossY + v * downY)
    const grey =
      values[
        (row < 0 ? 0 : row >= rows ? rows - 1 : row) * columns +
          (column < 0 ? 0 : column >= columns ? columns - 1 : column)
      ]!
    const zone = probes.zone[i]!
    sums[zone]! += grey
    counts[zone]! += 1
    total += grey
    squares += grey * grey
  }
  const mean = total / length
  const deviation = Math.sqrt(Math.max(0, squares / length - mean * mean))
  if (deviation < 1e-6) return 0
  let contrast = 0
  for (let zone = 0; zone < ZONES.length; zone++)
    contrast += (ZONE_WEIGHTS[zone]! * sums[zone]!) / Math.max(1, counts[zone]!)
  return contrast / deviation
}

/** The template's border, each place as the two points that lie just inside and outside it. */
const BORDER = (['imageLeft', 'imageRight'] as const).flatMap(side =>
  TEMPLATE[side].map((b, i, all) => {
    const a = all[(i + all.length - 1) % all.length]!
    const c = all[(i + 1) % all.length]!
    // Outlines run down the outer side first: outwards is to their left on the right of the image, else to their right.
    const way = side === 'imageLeft' ? -1 : 1
    const length = Math.hypot(c.x - a.x, c.y - a.y) || 1
    const nx = (way * (c.y - a.y)) / length
    const ny = (-way * (c.x - a.x)) / length
    return {
      inside: { x: b.x - EDGE_REACH * nx, y: b.y - EDGE_REACH * ny },
      outside: { x: b.x + EDGE_REACH * nx, y: b.y + EDGE_REACH * ny }
    }
  })
)

/** How clearly the picture rises over the template's border: 1 everywhere clearly, -1 falls everywhere. */
function edgeOf(picture: Picture, placement: Placement): number {
  let sum = 0
  for (const { inside, outside } of BORDER) {
    const a = place(placement, inside)
    const b = place(placement, outside)
    const rise = (sample(picture, b.x, b.y) - sample(picture, a.x, a.y)) / CLEAR_RISE
    sum += Math.max(-1, Math.min(1, rise))
  }
  return sum / BORDER.length
}

function refine(start: Placement, score: (placement: Placement) => number) {
  let best = { placement: start, score: score(start) }
  let step = 0.06
  while (step > 0.006) {
    const { width, height } = best.placement
    const moves: Partial<Placement>[] = [-1, 1].flatMap(way => [
      { x: best.placement.x + way * step * width },
      { y: best.placement.y + way * step * height },
      { width: width * (1 + way * step) },
      { height: height * (1 + way * step) },
      { tilt: best.placement.tilt + way * step }
    ])
    const tried = moves.map(move => {
      const placement = { ...best.placement, ...move }
      return { placement, score: score(placement) }
    })
    const better = tried.reduce((a, b) => (b.score > a.score ? b : a))
    if (better.score > best.score) best = better
    else step /= 2
  }
  return best
}
