import { z } from 'zod'

/** Modality values at 0.5, 2, 50, 98 and 99.5 % of a part of the film. */
const percentiles = z.object({
  p0_5: z.number(),
  p2: z.number(),
  p50: z.number(),
  p98: z.number(),
  p99_5: z.number()
})

const place = z.object({ x: z.number(), y: z.number() })

/** One lung in film coordinates: pixel (row, column) covers [column, column + 1) x [row, row + 1). */
const lung = z.object({
  /** Closed outline; the heart's shadow is left out. */
  outline: z.array(place).min(3),
  /** Film pixels. */
  area: z.number(),
  box: z.object({ left: z.number(), top: z.number(), right: z.number(), bottom: z.number() }),
  centroid: place
})

/** The lungs as found by shape and darkness (no learned weights), or the reasons for which no mask is given. */
const lungFinding = z.object({
  /** Sides of the image: imageLeft is the infant's right lung on a film hung as usual. Percentiles are those inside both. */
  mask: z.object({ imageLeft: lung, imageRight: lung, percentiles }).nullable(),
  quality: z.object({
    /** Mean grey about the lungs less that inside, in standard deviations of all of it. */
    contrast: z.number(),
    /** Both lungs' share of the body on the film. */
    areaShare: z.number(),
    /** Area of the lung on the image's left over that of the other. */
    sideRatio: z.number(),
    doubts: z.array(z.enum(['contrast', 'area', 'sides', 'overlap', 'outside']))
  })
})
export type LungFinding = z.infer<typeof lungFinding>

/**
 * `GET /pixels/{filmId}` answers one binary message: the bytes 'NGF1', the header's length as uint32 little-endian, the
 * header as UTF-8 JSON padded with spaces to a multiple of four bytes, then rows * columns uint16 little-endian values.
 * `GET /thumbnails/{filmId}` answers a small WebP, default window, MONOCHROME1 turned.
 * A value v stands for the modality value v * slope + intercept; exact, except where `quantised` is true (sources of
 * more than 16 bits).
 */
export const pixelHeader = z.object({
  rows: z.int().positive(),
  columns: z.int().positive(),
  slope: z.number(),
  intercept: z.number(),
  /** v + storedOffset is the file's own stored value; null where that cannot be told (Modality LUT, quantised). */
  storedOffset: z.number().nullable(),
  unit: z.string().nullable(),
  bitsStored: z.int(),
  quantised: z.boolean(),
  /** MONOCHROME1: the lowest display value is white. */
  inverted: z.boolean(),
  /** As sent by the file, first is the default; in modality values. */
  voi: z.array(
    z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('window'),
        center: z.number(),
        width: z.number(),
        function: z.enum(['LINEAR', 'LINEAR_EXACT', 'SIGMOID']),
        explanation: z.string().nullable()
      }),
      z.object({
        kind: z.literal('lut'),
        firstMapped: z.number(),
        bits: z.int(),
        values: z.array(z.int()),
        explanation: z.string().nullable()
      })
    ])
  ),
  /** Inside the body, for windows where there is no lung mask. */
  percentiles,
  lungs: lungFinding,
  /** Millimetres per pixel and the attribute that says so; ImagerPixelSpacing is at the detector. */
  spacing: z
    .object({
      rowMm: z.number(),
      columnMm: z.number(),
      source: z.string(),
      calibrated: z.boolean().nullable()
    })
    .nullable()
})
export type PixelHeader = z.infer<typeof pixelHeader>
