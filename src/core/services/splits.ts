import { resolve } from 'node:path'
import type { SplitInfo } from '../../contract'
import { readProportions, sidesOf, type Split, type SplitStore } from '../curation'
import { writeFileAtomically } from './atomic-file'
import type { CoreContext, ProjectSession } from './core-context'
import { csvLine } from './csv-cells'
import { NOTICE } from './label-exchange'
import type { Services } from './services'

export function createSplitsService(core: CoreContext): Services['splits'] {
  return {
    list: async () => (await core.project().splits.list()).map(toInfo),

    async get({ split }) {
      const { splits } = core.project()
      const found = await splits.get(split)
      const [table, testAccesses] = [await splits.table(found.id), await splits.testAccesses(found.id)]
      return { split: toInfo(found), table, testAccesses }
    },

    async make({ name, proportions, seed, extend }) {
      const { splits, changes } = core.project()
      const { split, table } = await splits.make({
        name,
        proportions: proportions && readProportions(proportions),
        seed,
        extend,
        reader: core.settings.get().readerName
      })
      changes.publish(['splits'])
      return { split: toInfo(split), table }
    },

    async check({ split }) {
      const { splits } = core.project()
      const found = await splits.get(split)
      return { split: toInfo(found), ...(await splits.check(found.id)) }
    },

    comparePixels: async () => ({ jobId: await core.project().jobs.start('compare-pixels', null) })
  }
}

function toInfo(split: Split): SplitInfo {
  return { ...split, proportions: [...split.proportions] }
}

const COLUMNS = ['filmId', 'infantId', 'patientKey', 'site', 'path', 'label', 'side', 'notice'] as const

/**
 * Writes a split's manifest with what other tools need to find the films. CSV as labels export writes it; JSON has beside
 * the films all that the hash is made of. Labels are those of the manifest.
 * @throws NeoGateError NOT_FOUND, PROJECT_DAMAGED for an altered split, DISK_FULL, FILE_REFUSED
 */
export async function exportSplit(
  session: ProjectSession,
  request: { split: string; out: string; format: 'csv' | 'json' },
  exportedAt: string
): Promise<{ out: string; films: number; hash: string }> {
  const out = resolve(request.out)
  const split = await session.splits.get(request.split)
  const films = await exportRows(session, await session.splits.manifest(split.id))
  if (request.format === 'csv') {
    const lines = films.map(film =>
      csvLine(COLUMNS.map(column => (column === 'notice' ? NOTICE : film[column])))
    )
    await writeFileAtomically(out, `\ufeff${[csvLine(COLUMNS), ...lines].join('\r\n')}\r\n`)
  } else {
    const { report, ...facts } = split
    const { parentHash, patients } = await session.splits.manifest(split.id)
    const content = {
      notice: NOTICE,
      format: 'neogate-split/1',
      project: session.database.facts.name,
      exportedAt,
      split: { ...facts, parentHash },
      report,
      testAccesses: await session.splits.testAccesses(split.id),
      infants: patients,
      films
    }
    await writeFileAtomically(out, `${JSON.stringify(content, null, 2)}\n`)
  }
  return { out, films: films.length, hash: split.hash }
}

async function exportRows(
  { studies }: ProjectSession,
  manifest: Awaited<ReturnType<SplitStore['manifest']>>
) {
  const sides = sidesOf(manifest)
  const rows = await studies.rows(manifest.films.map(({ id }) => id))
  return manifest.films.map(({ id, patientId, label }, index) => {
    const { patientKey, site, path } = rows[index]!
    return { filmId: id, infantId: patientId, patientKey, site, path, label, side: sides.get(patientId)! }
  })
}
