import { inBatches } from '../../database'
import type { TableEntry } from '../../label-store'
import type { ProjectSession } from '../core-context'

export interface KeptValue {
  line: number
  field: 'label' | 'gaDays' | 'bwGrams' | 'sex'
}

/** Entries per transaction: each is durable by itself, so that an interruption costs little, and short. */
const BATCH = 200

/** The database answers without giving way; between two batches others get their turn. */
const giveWay = () => new Promise<void>(resolve => setImmediate(resolve))

/** Writes what a table sets; values that are current already are passed over. */
export async function applyEntries(
  session: ProjectSession,
  tableName: string,
  entries: readonly TableEntry[],
  onProgress: (done: number) => void,
  signal: AbortSignal
): Promise<KeptValue[]> {
  const kept: KeptValue[] = []
  let done = 0
  for (const batch of inBatches(entries, BATCH)) {
    await giveWay()
    signal.throwIfAborted()
    const outcome = await session.labels.applyTable({ name: tableName, entries: batch })
    for (const { line, field } of outcome.kept) if (field !== 'tags') kept.push({ line, field })
    if (outcome.applied > 0) session.changes.publish(['films', 'labels', 'clinical-context'])
    onProgress((done += batch.length))
  }
  return kept
}

/** Labels and contexts that imports of this table have written after an entry of the history. */
export async function countWritten(
  session: ProjectSession,
  tableName: string,
  after: number
): Promise<{ labels: number; contexts: number }> {
  const groups = await session.database.kysely
    .selectFrom('revision')
    .select(({ fn }) => ['kind', fn.countAll<number>().as('count')])
    .where('seq', '>', after)
    .where('reader', '=', `import: ${tableName}`)
    .where('source', '=', 'import')
    .groupBy('kind')
    .execute()
  const of = (kind: string) => Number(groups.find(group => group.kind === kind)?.count ?? 0)
  return { labels: of('label'), contexts: of('clinical-context') }
}

/**
 * What applyEntries would write, without writing it; infants that the project does not know yet have what their files say.
 * @param fileSexes sex by infant, from the files of this import
 */
export async function rehearseEntries(
  session: ProjectSession,
  entries: readonly TableEntry[],
  fileSexes: ReadonlyMap<string, 'M' | 'F'>
): Promise<{ labels: number; contexts: number; kept: KeptValue[] }> {
  const { kysely } = session.database
  const kept: KeptValue[] = []
  let labels = 0
  let contexts = 0
  for (const batch of inBatches(entries, BATCH)) {
    await giveWay()
    const filmIds = batch.flatMap(entry => (entry.filmId === null ? [] : [entry.filmId]))
    const patientIds = batch.flatMap(entry => (entry.patientId === null ? [] : [entry.patientId]))
    const films = await kysely
      .selectFrom('film')
      .select(['id', 'label', 'label_source'])
      .where('id', 'in', filmIds)
      .execute()
    const patients = await kysely
      .selectFrom('patient')
      .select(['id', 'ga_days', 'bw_grams', 'sex', 'ga_source', 'bw_source', 'sex_source'])
      .where('id', 'in', patientIds)
      .execute()
    const filmOf = new Map(films.map(film => [film.id, film]))
    const patientOf = new Map(patients.map(patient => [patient.id, patient]))

    for (const entry of batch) {
      if (entry.filmId !== null) {
        const film = filmOf.get(entry.filmId)
        if (!entry.label || film?.label === entry.label) continue
        if (film?.label_source === 'reader') kept.push({ line: entry.line, field: 'label' })
        else labels++
      } else {
        const patient = patientOf.get(entry.patientId!)
        const values = [
          { field: 'gaDays', current: patient?.ga_days ?? null, source: patient?.ga_source },
          { field: 'bwGrams', current: patient?.bw_grams ?? null, source: patient?.bw_source },
          {
            field: 'sex',
            current: patient ? patient.sex : (fileSexes.get(entry.patientId!) ?? null),
            source: patient?.sex_source
          }
        ] as const
        let differs = false
        for (const { field, current, source } of values) {
          const value = entry[field]
          if (value === null || value === undefined || value === current) continue
          if (source === 'reader') kept.push({ line: entry.line, field })
          else differs = true
        }
        if (differs) contexts++
      }
    }
  }
  return { labels, contexts, kept }
}
