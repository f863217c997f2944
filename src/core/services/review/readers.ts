import { NeoGateError } from '../../foundation'
import type { CoreContext } from '../core-context'
import type { Services } from '../services'
import { requireRole, rolesOf } from './roles'

export function createReadersService(core: CoreContext): Services['readers'] {
  return {
    async list() {
      const readers = await core.project().review.readers()
      const name = core.settings.get().readerName
      const known = readers.some(reader => reader.name === name)
      return { readers, current: { name, known, roles: [...(await rolesOf(core, name))] } }
    },

    async save({ name, roles, active }) {
      const { review, changes } = core.project()
      await requireRole(core, core.settings.get().readerName, 'admin')
      if (new Set(roles).size !== roles.length) {
        throw new NeoGateError('INVALID_INPUT', 'A role is named twice.', { field: 'roles' })
      }
      const saved = await review.saveReader({ name: name.normalize('NFC'), roles, active })
      changes.publish(['review'])
      return saved
    }
  }
}
