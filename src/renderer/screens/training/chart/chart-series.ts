import type { Point } from './scale'

/** One line of a chart, in order of x. Lines differ in colour, in dashes and, where they have marks, in their shape. */
export interface ChartSeries {
  key: string
  label: string
  points: readonly Point[]
  /** Marks at each point, for values that are few. */
  marked?: boolean
}
