import { z } from 'zod'
import { procedure } from './base'
import { timestamp } from './values'

/**
 * reader: reads films of protocols; adjudicator: also decides where readers differ; curator: makes protocols and takes what
 * they come to over as labels; admin: manages readers.
 */
export const readerRole = z.enum(['reader', 'adjudicator', 'curator', 'admin'])
export type ReaderRole = z.infer<typeof readerRole>
export const READER_ROLES = readerRole.options

export const readerName = z.string().trim().min(1).max(80)

export const reader = z.object({
  name: readerName,
  roles: z.array(readerRole),
  active: z.boolean(),
  createdAt: timestamp
})
export type Reader = z.infer<typeof reader>

export const readers = {
  /**
   * The project's readers, and whoever signs now with the roles that go with the name. While a project has no readers,
   * everybody has every role. Roles order work; they are no protection against somebody who signs with another's name.
   */
  list: procedure.output(
    z.object({
      readers: z.array(reader),
      current: z.object({ name: z.string(), known: z.boolean(), roles: z.array(readerRole) })
    })
  ),
  /** Adds a reader, or changes one of that name. Only for an admin; the first reader must be one. */
  save: procedure
    .input(
      z.object({ name: readerName, roles: z.array(readerRole).min(1), active: z.boolean().default(true) })
    )
    .output(reader)
}
