import type { DetectorSettings, DrawnFilm } from '../film-spec'
import { createRandom } from '../../foundation'
import { createLayer, drawObject, type Layer } from './layer'
import { letterStrokes, textWidth } from './lettering'
import { SOFT_STEP, softIndex, type SoftTissue } from './soft-tissue'
import type { Textures, Tile } from './texture'

/** Linear attenuation of soft tissue at about 60 kV, per real millimetre. */
const ATTENUATION = 0.0235
/** Reduction of the grid on which scatter and dynamic range are worked out. */
const COARSE = 16

export const BORDER_TEXT = 'SYNTHETIC  NOT A PATIENT'

interface Coarse {
  columns: number
  rows: number
  attenuation: Float32Array
}

function reduce(soft: SoftTissue, layer: Layer, perMm: number): Coarse {
  const columns = Math.ceil(layer.columns / COARSE) + 2
  const rows = Math.ceil(layer.rows / COARSE) + 2
  const attenuation = new Float32Array(columns * rows)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0
      for (let k = 0; k < 16; k++) {
        const c = Math.min(layer.columns - 1, column * COARSE + (k & 3) * 4)
        const r = Math.min(layer.rows - 1, row * COARSE + (k >> 2) * 4)
        sum += soft.path[softIndex(soft, c, r)]! + layer.values[r * layer.columns + c]!
      }
      attenuation[row * columns + column] = (sum / 16) * perMm
    }
  }
  return { columns, rows, attenuation }
}

/** Three box passes, edges repeated. */
function blur(values: Float32Array, columns: number, rows: number, radius: number): Float32Array {
  let from = Float32Array.from(values)
  let to = new Float32Array(values.length)
  for (let pass = 0; pass < 6; pass++) {
    const alongRow = pass % 2 === 0
    const lines = alongRow ? rows : columns
    const length = alongRow ? columns : rows
    const along = alongRow ? 1 : columns
    const across = alongRow ? columns : 1
    for (let line = 0; line < lines; line++) {
      for (let i = 0; i < length; i++) {
        let sum = 0
        for (let k = -radius; k <= radius; k++) {
          sum += from[line * across + Math.min(length - 1, Math.max(0, i + k)) * along]!
        }
        to[line * across + i * along] = sum / (2 * radius + 1)
      }
    }
    ;[from, to] = [to, from]
  }
  return from
}

/** Sorted sample of the values inside the exposed field at a fraction of its length. */
function percentiles(values: Float32Array, fractions: readonly number[]): number[] {
  const sorted = Float32Array.from(values).sort()
  return fractions.map(fraction => sorted[Math.round(fraction * (sorted.length - 1))]!)
}

/** Row `row` of a coarse grid, with one sample for each SOFT_STEP pixels in `line`, between samples of the grid. */
function coarseRow(grid: Float32Array, coarse: Coarse, row: number, line: Float32Array): void {
  const { columns, rows } = coarse
  const perSample = COARSE / SOFT_STEP
  const y = row / COARSE
  const r0 = Math.min(rows - 1, y | 0)
  const a = r0 * columns
  const b = Math.min(rows - 1, r0 + 1) * columns
  const fy = y - r0
  for (let i = 0; i < line.length; i++) {
    const x = i / perSample
    const c0 = Math.min(columns - 1, x | 0)
    const c1 = Math.min(columns - 1, c0 + 1)
    const fx = x - c0
    const start = grid[a + c0]! + fy * (grid[b + c0]! - grid[a + c0]!)
    const end = grid[a + c1]! + fy * (grid[b + c1]! - grid[a + c1]!)
    line[i] = start + fx * (end - start)
  }
}

/** Row `row` of a grid of soft tissue, between its rows. */
function softRow(grid: Float32Array, soft: SoftTissue, row: number, line: Float32Array): void {
  const y = row / SOFT_STEP
  const r0 = Math.min(soft.rows - 1, y | 0)
  const a = r0 * soft.columns
  const b = Math.min(soft.rows - 1, r0 + 1) * soft.columns
  const fy = y - r0
  for (let i = 0; i < line.length; i++) line[i] = grid[a + i]! + fy * (grid[b + i]! - grid[a + i]!)
}

/** What makes up a row of the film, one sample for each SOFT_STEP pixels. */
interface RowSamples {
  /** Value without bone, tubes, pattern and noise. */
  ground: Float32Array
  /** One deviation of the reticulogranular pattern, and of the noise, in values. */
  pattern: Float32Array
  noise: Float32Array
  /** Values per thickness. */
  contrast: Float32Array
}

/** Place on a tile, which repeats without end. */
interface TilePlace {
  tile: Tile
  column: number
  row: number
}

/**
 * Fills a row of `values` from column `from` to below `to`: what varies slowly goes straight from sample to sample. A
 * function of its own, kept short: it runs once for every pixel.
 */
function exposeRow(
  values: Uint16Array,
  detail: Float32Array,
  line: number,
  from: number,
  to: number,
  { ground, pattern, contrast, noise }: RowSamples,
  fine: TilePlace,
  grain: TilePlace,
  row: number
): void {
  const fineValues = fine.tile.values
  const fineMask = fine.tile.size - 1
  const fineLine = ((row + fine.row) & fineMask) * fine.tile.size
  const grainValues = grain.tile.values
  const grainMask = grain.tile.size - 1
  const grainLine = ((row + grain.row) & grainMask) * grain.tile.size
  for (let i = (from / SOFT_STEP) | 0; i * SOFT_STEP < to; i++) {
    const start = Math.max(from, i * SOFT_STEP)
    const end = Math.min(to, (i + 1) * SOFT_STEP)
    const rise = (ground[i + 1]! - ground[i]!) / SOFT_STEP
    // A half, so that the value is rounded where it is stored.
    let level = ground[i]! + rise * (start - i * SOFT_STEP) + 0.5
    const perThickness = contrast[i]!
    const perPattern = pattern[i]!
    const perGrain = noise[i]!
    for (let column = start; column < end; column++) {
      let value =
        level +
        perThickness * detail[line + column]! +
        perGrain * grainValues[grainLine + ((column + grain.column) & grainMask)]!
      if (perPattern !== 0) value += perPattern * fineValues[fineLine + ((column + fine.column) & fineMask)]!
      values[line + column] = value <= 0 ? 0 : value >= 4095 ? 4095 : value
      level += rise
    }
  }
}

/**
 * Exposes and reads out the plate: attenuation, primary and scattered quanta with their noise, logarithm, dynamic range
 * compression, 12-bit values, collimation and text. Scatter, local contrast and noise vary slowly over the film: they
 * are worked out on a coarse grid, on which the logarithm is taken as straight within one cell.
 */
export function exposePlate(
  settings: DetectorSettings,
  scale: number,
  soft: SoftTissue,
  layer: Layer,
  textures: Textures
): DrawnFilm {
  const { columns, rows, border, equalisation } = settings
  const random = createRandom(settings.seed, 'exposure')
  const perMm = ATTENUATION * scale
  const coarse = reduce(soft, layer, perMm)
  const primary = coarse.attenuation.map(value => Math.exp(-value))
  const reach = Math.max(1, Math.round(14 / settings.mmPerPixel / COARSE / 2))
  const scattered = blur(primary, coarse.columns, coarse.rows, reach).map(value => settings.scatter * value)
  const overall = primary.map((value, i) => -Math.log(value + scattered[i]!))
  const smooth = blur(overall, coarse.columns, coarse.rows, Math.max(1, Math.round(reach * 0.8)))

  const inBody = (_: number, i: number) => coarse.attenuation[i]! > 0.35
  const [level] = percentiles(overall.filter(inBody), [0.5]) as [number]
  const shown = overall.map((value, i) => value - equalisation * (smooth[i]! - level))
  const [thin, thick] = percentiles(shown.filter(inBody), [0.02, 0.985]) as [number, number]
  const gain = (settings.highValue - settings.lowValue) / (thick - thin)

  // value = base + contrast * thickness + noise * grain, each factor from the coarse grid.
  const slope = primary.map((value, i) => value / (value + scattered[i]!))
  const contrast = slope.map(value => gain * perMm * value)
  const base = shown.map(
    (value, i) => settings.lowValue + gain * (value - slope[i]! * coarse.attenuation[i]! - thin)
  )
  const noise = primary.map((value, i) => gain / Math.sqrt(settings.quanta * (value + scattered[i]!)))

  const values = new Uint16Array(columns * rows)
  const grainColumn = random.integer(0, textures.grain.size - 1)
  const grainRow = random.integer(0, textures.grain.size - 1)
  const grain: TilePlace = { tile: textures.grain, column: grainColumn, row: grainRow }
  const fineColumn = random.integer(0, textures.granules.size - 1)
  const fineRow = random.integer(0, textures.granules.size - 1)
  const fine: TilePlace = { tile: textures.granules, column: fineColumn, row: fineRow }
  const samples: RowSamples = {
    ground: new Float32Array(soft.columns),
    pattern: new Float32Array(soft.columns),
    contrast: new Float32Array(soft.columns),
    noise: new Float32Array(soft.columns)
  }
  const ground = soft.path.slice()
  const pattern = soft.granules.slice()
  for (let row = 0; row < soft.rows; row++) {
    const start = row * soft.columns
    coarseRow(base, coarse, row * SOFT_STEP, samples.ground)
    coarseRow(contrast, coarse, row * SOFT_STEP, samples.contrast)
    for (let i = 0; i < soft.columns; i++) {
      ground[start + i] = samples.ground[i]! + samples.contrast[i]! * ground[start + i]!
      pattern[start + i]! *= samples.contrast[i]!
    }
  }
  const [left, top, right, bottom] = border
  const blank = settings.shutter ? 0 : 4095
  values.fill(blank)
  for (let row = top; row < rows - bottom; row++) {
    softRow(ground, soft, row, samples.ground)
    softRow(pattern, soft, row, samples.pattern)
    if (row === top || row % SOFT_STEP === 0) {
      coarseRow(contrast, coarse, row, samples.contrast)
      coarseRow(noise, coarse, row, samples.noise)
    }
    exposeRow(values, layer.values, row * columns, left, columns - right, samples, fine, grain, row)
  }
  writeBorder(settings, values, blank)
  const low = Math.round(settings.lowValue)
  const high = Math.round(settings.highValue)
  if (!settings.inverted) return { columns, rows, values, bodyLow: low, bodyHigh: high }
  for (let i = 0; i < values.length; i++) values[i] = 4095 - values[i]!
  return { columns, rows, values, bodyLow: 4095 - high, bodyHigh: 4095 - low }
}

/** The words that no viewer can switch off, in the margin outside the exposed field. */
function writeBorder(settings: DetectorSettings, values: Uint16Array, blank: number): void {
  const { columns, rows, border } = settings
  const bottom = border[3]
  const height = Math.max(8, Math.min(bottom - 8, (columns * 0.86) / BORDER_TEXT.length))
  const band = createLayer(columns, bottom)
  const column = (columns - textWidth(BORDER_TEXT, height)) / 2
  drawObject(band, [...letterStrokes(BORDER_TEXT, column, (bottom - height) / 2, height, 1.5, 1)], 'soft')
  const ink = blank === 0 ? 3600 : 300
  const start = (rows - bottom) * columns
  for (let i = 0; i < band.values.length; i++) {
    const cover = Math.min(1, band.values[i]! * 1.4)
    if (cover > 0) values[start + i] = Math.round(blank + cover * (ink - blank))
  }
}
