import type { ReaderRole } from '../../review-store'
import { READER_ROLES } from '../../review-store'
import { NeoGateError } from '../../foundation'
import type { CoreContext } from '../core-context'

/** Roles of a name in the open project: all of them while nobody is registered, none for a name that is not. */
export async function rolesOf(core: CoreContext, name: string): Promise<readonly ReaderRole[]> {
  const readers = await core.project().review.readers()
  if (readers.length === 0) return READER_ROLES
  const reader = readers.find(candidate => candidate.name === name)
  return reader?.active ? reader.roles : []
}

/** @throws NeoGateError CONFLICT where the name has none of the roles */
export async function requireRole(
  core: CoreContext,
  name: string,
  ...wanted: readonly ReaderRole[]
): Promise<void> {
  const roles = await rolesOf(core, name)
  if (wanted.some(role => roles.includes(role))) return
  throw new NeoGateError('CONFLICT', `${name} is not registered as ${wanted.join(' or ')} in this project.`, {
    field: 'reader',
    reason: 'role-missing',
    remedy: 'Sign with the name of a reader who has the role, or ask an admin for it.'
  })
}
