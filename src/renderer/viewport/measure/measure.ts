import type { AnnotationValue, FilmPoint, PixelHeader } from '../../../contract'
import { regionStatistics, type RegionStatistics } from './region'

type Spacing = NonNullable<PixelHeader['spacing']>

/** In millimetres where the file gives spacing, else in pixels of the film. */
export interface Extent {
  value: number
  unit: 'mm' | 'px'
}

/** What an annotation measures on its film. */
export type Measurement =
  | { kind: 'length'; length: Extent }
  | { kind: 'angle'; degrees: number }
  | { kind: 'rectangle' | 'ellipse'; area: Extent; statistics: RegionStatistics | null }

/**
 * What is known of the plane that millimetres hold in. 'detector': at the detector, so that anatomy is shown magnified
 * and true sizes are smaller; 'calibrated': corrected for a known plane; 'unknown': the file does not say which.
 */
export function spacingPlane({ source, calibrated }: Spacing): 'detector' | 'calibrated' | 'unknown' {
  if (calibrated) return 'calibrated'
  return source === 'ImagerPixelSpacing' || calibrated === false ? 'detector' : 'unknown'
}

/** @param film of which pixels are read for regions only */
export function measure(
  film: { header: PixelHeader; values: Uint16Array },
  { kind, points }: AnnotationValue
): Measurement {
  const { spacing } = film.header
  if (kind === 'length') return { kind, length: distance(points[0]!, points[1]!, spacing) }
  if (kind === 'angle') return { kind, degrees: angle(points, spacing) }
  const [width, height] = [points[1]!.u - points[0]!.u, points[1]!.v - points[0]!.v].map(Math.abs) as [
    number,
    number
  ]
  const share = kind === 'ellipse' ? Math.PI / 4 : 1
  const perPixel = spacing ? spacing.columnMm * spacing.rowMm : 1
  return {
    kind,
    area: { value: share * width * height * perPixel, unit: spacing ? 'mm' : 'px' },
    statistics: regionStatistics(film, kind, points)
  }
}

function distance(a: FilmPoint, b: FilmPoint, spacing: Spacing | null): Extent {
  const { columnMm, rowMm } = spacing ?? { columnMm: 1, rowMm: 1 }
  return {
    value: Math.hypot((b.u - a.u) * columnMm, (b.v - a.v) * rowMm),
    unit: spacing ? 'mm' : 'px'
  }
}

/** Degrees between the two arms at the middle point, 0..180; 0 where an arm has no length. */
function angle(points: readonly FilmPoint[], spacing: Spacing | null): number {
  const [first, vertex, second] = points as [FilmPoint, FilmPoint, FilmPoint]
  const { columnMm, rowMm } = spacing ?? { columnMm: 1, rowMm: 1 }
  const arm = (end: FilmPoint) => [(end.u - vertex.u) * columnMm, (end.v - vertex.v) * rowMm] as const
  const [ax, ay] = arm(first)
  const [bx, by] = arm(second)
  return (Math.abs(Math.atan2(ax * by - ay * bx, ax * bx + ay * by)) * 180) / Math.PI
}
