import type { AnnotationValue, FilmPoint } from '../../../contract'

/** Places are kept to a hundredth of a film pixel, which is finer than any hand. */
const STEPS = 100

/** A point brought onto the film and to what is stored. */
export function onFilm({ u, v }: FilmPoint, film: { rows: number; columns: number }): FilmPoint {
  const hold = (value: number, size: number) => Math.round(Math.min(size, Math.max(0, value)) * STEPS) / STEPS
  return { u: hold(u, film.columns), v: hold(v, film.rows) }
}

/**
 * The points after one handle (or, with null, the whole annotation) has been moved; the whole keeps its shape and stays
 * on the film.
 */
export function movedPoints(
  points: readonly FilmPoint[],
  handle: number | null,
  by: FilmPoint,
  film: { rows: number; columns: number }
): FilmPoint[] {
  if (handle !== null)
    return points.map((point, index) =>
      index === handle ? onFilm({ u: point.u + by.u, v: point.v + by.v }, film) : point
    )
  const du = held(
    by.u,
    points.map(point => point.u),
    film.columns
  )
  const dv = held(
    by.v,
    points.map(point => point.v),
    film.rows
  )
  return points.map(({ u, v }) => onFilm({ u: u + du, v: v + dv }, film))
}

/** As much of a step as keeps all of `values` within 0..size. */
function held(step: number, values: number[], size: number): number {
  return Math.min(size - Math.max(...values), Math.max(-Math.min(...values), step))
}

/** True for what a stray click leaves: no length, or a region without an area. */
export function isDegenerate({ kind, points }: Pick<AnnotationValue, 'kind' | 'points'>): boolean {
  const [a, b] = points as [FilmPoint, FilmPoint]
  if (kind === 'rectangle' || kind === 'ellipse') return Math.abs(a.u - b.u) < 1 || Math.abs(a.v - b.v) < 1
  return points.slice(1).some((point, index) => {
    const before = points[index]!
    return Math.hypot(point.u - before.u, point.v - before.v) < 1
  })
}
