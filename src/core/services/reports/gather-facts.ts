import type { Evaluation } from '../../../contract'
import type { ClassSiteTable, Split, TestAccess } from '../../curation'
import { modelCardDocument, type ModelCard } from '../../model-registry'
import type { CoreContext } from '../core-context'
import { projectModels } from '../project-models'

/** All that the software knows of an evaluation beside its figures. */
export interface Facts {
  project: string
  /** null where the version has since been removed. */
  card: ModelCard | null
  cardMarkdown: string | null
  split: { split: Split; table: ClassSiteTable; accesses: TestAccess[] } | null
  /** Of the films evaluated, as recorded now. */
  films: {
    sites: number
    labelledBy: { fromTable: number; byReaders: number; readers: number; unsure: number }
    gaDays: Spread | null
    bwGrams: Spread | null
    withoutGa: number
    withoutBw: number
    ageHours: Spread | null
    withoutAge: number
  }
  /** Providers that computed the predictions. */
  providers: string[]
  /** Newest entry of the project's history. */
  history: { seq: number; hash: string }
  code: { neogate: string; onnxruntime: string; node: string; platform: string }
}

export interface Spread {
  median: number
  /** Quartiles. */
  low: number
  high: number
}

export async function gatherFacts(core: CoreContext, { summary }: Evaluation): Promise<Facts> {
  const { database, evaluations, studies, splits, labels } = core.project()
  const model = (await projectModels(core)).find(({ hash }) => hash === summary.modelHash) ?? null
  const { filmIds } = await evaluations.films(summary.id)
  const rows = await studies.rows(filmIds)
  const known = (values: (number | null)[]) => values.filter(value => value !== null)
  const ga = known(rows.map(({ gaDays }) => gaDays))
  const bw = known(rows.map(({ bwGrams }) => bwGrams))
  const age = known(rows.map(({ ageHours }) => ageHours))
  const byReaders = rows.filter(({ labelSource }) => labelSource === 'reader')
  const providers = await database.kysely
    .selectFrom('prediction')
    .select('provider')
    .distinct()
    .where('model_hash', '=', summary.modelHash)
    .execute()
  const splitId = summary.set.split?.id ?? null
  const split = splitId === null ? null : await splits.get(splitId)
  return {
    project: database.facts.name,
    card: model?.card ?? null,
    cardMarkdown: model && modelCardDocument(model.card, model.hash),
    split: split && {
      split,
      table: await splits.table(split.id),
      accesses: await splits.testAccesses(split.id)
    },
    films: {
      sites: new Set(rows.map(({ site }) => site)).size,
      labelledBy: {
        fromTable: rows.length - byReaders.length,
        byReaders: byReaders.length,
        readers: new Set(byReaders.map(({ labelledBy }) => labelledBy)).size,
        unsure: rows.filter(({ certainty }) => certainty === 'unsure').length
      },
      gaDays: spreadOf(ga),
      bwGrams: spreadOf(bw),
      withoutGa: rows.length - ga.length,
      withoutBw: rows.length - bw.length,
      ageHours: spreadOf(age),
      withoutAge: rows.length - age.length
    },
    providers: providers.map(({ provider }) => provider),
    history: await labels.seal(),
    code: {
      neogate: core.info.version,
      onnxruntime: core.info.runtime.onnxruntime,
      node: core.info.runtime.node,
      platform: `${process.platform} ${process.arch}`
    }
  }
}

function spreadOf(values: number[]): Spread | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => {
    const place = share * (sorted.length - 1)
    const below = Math.floor(place)
    return sorted[below]! + (place - below) * ((sorted[below + 1] ?? sorted[below]!) - sorted[below]!)
  }
  return { median: at(0.5), low: at(0.25), high: at(0.75) }
}
