/**
 * Where the infant lies on the film. Anatomy is described in template millimetres: those of a 3300 g term infant, x to
 * the image's right (the infant's left), y downwards, z from back to front, origin between T5 and T6. `scale` turns
 * template millimetres into this infant's.
 */
export interface Frame {
  columns: number
  rows: number
  /** Pixels per template millimetre. */
  pixelsPerMm: number
  toColumn(x: number, y: number): number
  toRow(x: number, y: number): number
  toX(column: number, row: number): number
  toY(column: number, row: number): number
}

export interface Position {
  /** Template millimetres that lie on the film's centre. */
  centreX: number
  centreY: number
  /** In-plane tilt of the infant, radians, clockwise. */
  tilt: number
}

/** @param mmPerPixel detector spacing in real millimetres. @param scale real per template millimetre. */
export function createFrame(
  columns: number,
  rows: number,
  mmPerPixel: number,
  scale: number,
  position: Position
): Frame {
  const pixelsPerMm = scale / mmPerPixel
  const cos = Math.cos(position.tilt)
  const sin = Math.sin(position.tilt)
  const { centreX, centreY } = position
  return {
    columns,
    rows,
    pixelsPerMm,
    toColumn: (x, y) => columns / 2 + ((x - centreX) * cos - (y - centreY) * sin) * pixelsPerMm,
    toRow: (x, y) => rows / 2 + ((x - centreX) * sin + (y - centreY) * cos) * pixelsPerMm,
    toX: (column, row) => centreX + ((column - columns / 2) * cos + (row - rows / 2) * sin) / pixelsPerMm,
    toY: (column, row) => centreY + ((row - rows / 2) * cos - (column - columns / 2) * sin) / pixelsPerMm
  }
}
