import { z } from 'zod'

/**
 * What a reader may be blinded to. model: what the model says, with its explanations; others: labels, findings, comments and
 * history of other readers and of imports; own: the reader's own earlier answers; context: GA, BW and sex.
 */
export const blindTo = z.enum(['model', 'others', 'own', 'context'])
export type BlindTo = z.infer<typeof blindTo>

export type Telling = readonly BlindTo[]
