import type { Picture } from './chest-picture'
import { centroid, type Point } from './polygon'
import { sample } from './smooth'

const RAYS = 72
/** Radii tried on each ray, as multiples of the template's. */
const STEPS = 33
const NEAREST = 0.6
const FARTHEST = 1.4
/** Greatest change of step from ray to ray, and what a change of one costs. */
const MOST_CHANGE = 2
const CHANGE_COST = 0.03
/** Grey is read this far out on a ray. */
const REACH = 1.55
/** Where on a ray the grey of lung and that of its surroundings are read, as multiples of the template's radius. */
const INSIDE = [0.35, 0.75] as const
const OUTSIDE = [1.1, 1.35] as const
/** How far to both sides of a border its rise is measured. */
const EDGE_REACH = 0.1

/** The surroundings count as at least so many mean rises brighter than the lung. */
const LEAST_RISE = 1.2
/** What the rise over the border, dark outside or bright inside, and distance from the template count for. */
const EDGE = 1.2
const REGION = 1.1
const SHAPE = 0.07
/** Spread of the lungs' true radii about the template's. */
const SPREAD = 0.22

/**
 * The border of one lung: the closed line round the template's centre that best parts dark from bright, found by dynamic
 * programming over the radius on every ray.
 * @param picture ribs taken out
 * @param outline the template's lung as placed on it
 */
export function traceLung(picture: Picture, outline: readonly Point[]): Point[] {
  const centre = centroid(outline)
  const template = radiiOf(outline, centre)
  const cost = borderCost(picture, centre, template)
  const path = closedPath(cost)
  return smoothRing(path.map((step, ray) => template[ray]! * stepRadius(step))).map((radius, ray) =>
    onRay(centre, ray, radius)
  )
}

function stepRadius(step: number): number {
  return NEAREST + ((FARTHEST - NEAREST) * step) / (STEPS - 1)
}

function onRay(centre: Point, ray: number, radius: number): Point {
  const angle = (2 * Math.PI * ray) / RAYS
  return { x: centre.x + radius * Math.cos(angle), y: centre.y + radius * Math.sin(angle) }
}

/** Distance from the centre at which each ray leaves the outline for the last time. */
function radiiOf(outline: readonly Point[], centre: Point): Float64Array {
  return Float64Array.from({ length: RAYS }, (_, ray) => {
    const { x: dx, y: dy } = onRay({ x: 0, y: 0 }, ray, 1)
    let farthest = 1
    outline.forEach((a, i) => {
      const b = outline[(i + 1) % outline.length]!
      const ax = a.x - centre.x
      const ay = a.y - centre.y
      const ex = b.x - a.x
      const ey = b.y - a.y
      const cross = dx * ey - dy * ex
      if (Math.abs(cross) < 1e-9) return
      const along = (ax * ey - ay * ex) / cross
      const within = (ax * dy - ay * dx) / cross
      if (within >= 0 && within <= 1 && along > farthest) farthest = along
    })
    return farthest
  })
}

/** Cost of each step on each ray, RAYS * STEPS. */
function borderCost(picture: Picture, centre: Point, template: Float64Array): Float64Array {
  const samples = Math.round((REACH / (FARTHEST - NEAREST)) * (STEPS - 1)) + 1
  const grey = new Float64Array(RAYS * samples)
  const perSample = REACH / (samples - 1)
  for (let ray = 0; ray < RAYS; ray++)
    for (let k = 0; k < samples; k++) {
      const { x, y } = onRay(centre, ray, template[ray]! * k * perSample)
      grey[ray * samples + k] = sample(picture, x, y)
    }
  const meanBetween = (ray: number, from: number, to: number) => {
    let sum = 0
    let count = 0
    for (let k = Math.round(from / perSample); k <= Math.round(to / perSample) && k < samples; k++) {
      sum += grey[ray * samples + k]!
      count += 1
    }
    return sum / Math.max(1, count)
  }
  const inside = smoothRing(
    Array.from({ length: RAYS }, (_, ray) => meanBetween(ray, ...INSIDE)),
    6
  )
  const outside = smoothRing(
    Array.from({ length: RAYS }, (_, ray) => meanBetween(ray, ...OUTSIDE)),
    2
  )
  const contrast = Math.max(
    0.02,
    outside.reduce((sum, value, ray) => sum + Math.max(0, value - inside[ray]!), 0) / RAYS
  )
  const cost = new Float64Array(RAYS * STEPS)
  for (let ray = 0; ray < RAYS; ray++) {
    const middle = (inside[ray]! + Math.max(outside[ray]!, inside[ray]! + LEAST_RISE * contrast)) / 2
    // What the region costs if the border lies at each sample: bright inside and dark outside are wrong.
    const region = new Float64Array(samples)
    for (let k = 1; k < samples; k++)
      region[k] =
        region[k - 1]! + Math.max(-1, Math.min(1, (grey[ray * samples + k]! - middle) / contrast)) * perSample
    for (let step = 0; step < STEPS; step++) {
      const radius = stepRadius(step)
      const k = Math.round(radius / perSample)
      const rise =
        meanBetween(ray, radius + perSample, radius + EDGE_REACH) -
        meanBetween(ray, radius - EDGE_REACH, radius - perSample)
      cost[ray * STEPS + step] =
        REGION * region[Math.min(samples - 1, k)]! -
        EDGE * Math.max(0, Math.min(1, rise / contrast)) +
        SHAPE * ((radius - 1) / SPREAD) ** 2
    }
  }
  return cost
}

/** The cheapest step on every ray, closed: the path is drawn twice round and its middle taken. */
function closedPath(cost: Float64Array): number[] {
  const turns = 2 * RAYS
  const best = new Float64Array(turns * STEPS)
  const from = new Int8Array(turns * STEPS)
  for (let turn = 0; turn < turns; turn++) {
    const ray = turn % RAYS
    for (let step = 0; step < STEPS; step++) {
      let least = turn === 0 ? 0 : Infinity
      for (let change = -MOST_CHANGE; turn > 0 && change <= MOST_CHANGE; change++) {
        const before = step + change
        if (before < 0 || before >= STEPS) continue
        const total = best[(turn - 1) * STEPS + before]! + CHANGE_COST * change * change
        if (total < least) {
          least = total
          from[turn * STEPS + step] = change
        }
      }
      best[turn * STEPS + step] = least + cost[ray * STEPS + step]!
    }
  }
  let step = 0
  for (let k = 1; k < STEPS; k++)
    if (best[(turns - 1) * STEPS + k]! < best[(turns - 1) * STEPS + step]!) step = k
  const path: number[] = []
  for (let turn = turns - 1; turn >= 0; turn--) {
    path[turn] = step
    step += from[turn * STEPS + step]!
  }
  const start = RAYS / 2
  return Array.from({ length: RAYS }, (_, ray) => path[ray < start ? ray + RAYS : ray]!)
}

/** Mean over 2 * radius + 1 neighbours of a ring. */
function smoothRing(values: readonly number[], radius = 1): number[] {
  const n = values.length
  return values.map((_, i) => {
    let sum = 0
    for (let k = -radius; k <= radius; k++) sum += values[(i + k + n) % n]!
    return sum / (2 * radius + 1)
  })
}
