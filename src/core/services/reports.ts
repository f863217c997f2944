import { join } from 'node:path'
import type { CoreContext } from './core-context'
import { writeReport } from './reports/write-report'
import type { Services } from './services'

export function createReportsService(core: CoreContext): Services['reports'] {
  return {
    write(subject, { signal }) {
      const at = core.clock.timestamp().slice(0, 19).replaceAll(':', '-')
      const name = `${subject.kind}-${subject.id.slice(0, 8)}-${at}`
      return writeReport(core, subject, join(core.project().folder, 'reports', name), signal)
    }
  }
}
