import { z } from 'zod'

/** What every failed call carries beside its message. */
export const errorData = z.object({
  file: z.string().optional(),
  field: z.string().optional(),
  remedy: z.string().optional(),
  reason: z.string().optional()
})
export type ErrorData = z.infer<typeof errorData>

/** The one error union of the product. The renderer has a sentence for each code in each language. */
export const errorMap = {
  INVALID_INPUT: { status: 400, data: errorData },
  NOT_FOUND: { status: 404, data: errorData },
  NO_PROJECT: { status: 409, data: errorData },
  PROJECT_EXISTS: { status: 409, data: errorData },
  PROJECT_LOCKED: { status: 423, data: errorData },
  PROJECT_NEWER: { status: 409, data: errorData },
  PROJECT_DAMAGED: { status: 422, data: errorData },
  FILE_REFUSED: { status: 422, data: errorData },
  TABLE_REFUSED: { status: 422, data: errorData },
  WEIGHTS_REFUSED: { status: 422, data: errorData },
  MODEL_REFUSED: { status: 422, data: errorData },
  PROVIDER_UNAVAILABLE: { status: 503, data: errorData },
  CONFLICT: { status: 409, data: errorData },
  /** What was asked for is hidden from this reader until the reading of a protocol is over. */
  BLINDED: { status: 403, data: errorData },
  DISK_FULL: { status: 507, data: errorData },
  CANCELLED: { status: 499, data: errorData },
  WORKER_FAILED: { status: 500, data: errorData },
  INTERNAL: { status: 500, data: errorData }
} as const
export type ErrorCode = keyof typeof errorMap
