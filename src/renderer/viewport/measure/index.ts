export { measure, spacingPlane } from './measure'
export type { Extent, Measurement } from './measure'
export { isDegenerate, movedPoints, onFilm } from './points'
export type { RegionStatistics } from './region'
