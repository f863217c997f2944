import type { ModelComparison } from '../../contract'
import { DIAGNOSES } from '../domain'
import { ancestry, kinship, type ListedModel, type ModelCard } from '../model-registry'
import type { FilmRow } from '../study-store'
import type { ProjectSession } from './core-context'
import { compareMetrics, countAgreement, type ComparedFilm } from './model-comparison'

const EVERY_FILM = {
  filter: { text: '', facets: {} },
  sort: { key: 'patientKey', direction: 'ascending' }
} as const

/**
 * Holds two versions against each other on the films that both have predicted from what is recorded now. Nothing is
 * predicted here. Films on the locked test side of a split in either lineage are left out whatever is asked for.
 * @param asked filmIds: null for those that `scope` says
 * @throws NeoGateError NOT_FOUND for a film that is not registered
 */
export async function compareModels(
  session: ProjectSession,
  models: readonly ListedModel[],
  [a, b]: readonly [ListedModel, ListedModel],
  asked: { filmIds: readonly string[] | null; scope: 'validation' | 'all' }
): Promise<ModelComparison> {
  const { studies } = session
  const candidates = asked.filmIds ?? (await studies.ids(EVERY_FILM))
  const { ids, ...chosen } = await chooseFilms(session, models, [a, b], candidates, asked)
  const [byA, byB] = [await studies.predictedBy(keyOf(a)), await studies.predictedBy(keyOf(b))]
  const rows = await studies.rows(ids.filter(id => byA.has(id) && byB.has(id)))
  const films = rows.map((row): ComparedFilm => {
    const label = row.label === null ? null : classIndex(row.label)
    return {
      patientId: row.patientId,
      a: classIndex(byA.get(row.id)!),
      b: classIndex(byB.get(row.id)!),
      label
    }
  })
  const labelled = films.filter(film => film.label !== null)
  return {
    a: a.id,
    b: b.id,
    lineage: { ...kinship(a, b, models), differences: cardDifferences(a.card, b.card) },
    films: {
      ...chosen,
      considered: ids.length,
      withoutA: ids.filter(id => !byA.has(id)).length,
      withoutB: ids.filter(id => !byB.has(id)).length,
      compared: films.length,
      labelled: labelled.length,
      infants: new Set(labelled.map(film => film.patientId)).size
    },
    agreement: countAgreement(films),
    ...(await compareMetrics(films)),
    changed: films.flatMap((film, i) => (film.a === film.b ? [] : [changedFilm(rows[i]!, film)]))
  }
}

const classIndex = (name: string) => DIAGNOSES.indexOf(name as (typeof DIAGNOSES)[number])

function keyOf({ hash, card }: ListedModel) {
  return { modelHash: hash, preprocessingHash: card.preprocessing.hash }
}

function changedFilm(row: FilmRow, { a, b, label }: ComparedFilm): ModelComparison['changed'][number] {
  return {
    filmId: row.id,
    patientKey: row.patientKey,
    from: DIAGNOSES[a]!,
    to: DIAGNOSES[b]!,
    label: label === null ? null : DIAGNOSES[label]!
  }
}

/** The splits that either version, or one that it comes from, was trained with. */
function splitsOf(models: readonly ListedModel[], pair: readonly ListedModel[]): Map<string, string> {
  const line = new Set(pair.flatMap(model => ancestry(model, models)))
  const splits = models.flatMap(({ hash, card }) => (line.has(hash) ? (card.training?.split ?? []) : []))
  return new Map(splits.map(({ id, name }) => [id, name]))
}

/**
 * Scope 'validation' falls back to all films where no split of the lineages is at hand: then nothing says which films the
 * versions learnt from.
 */
async function chooseFilms(
  { splits }: ProjectSession,
  models: readonly ListedModel[],
  pair: readonly ListedModel[],
  candidates: readonly string[],
  asked: { filmIds: readonly string[] | null; scope: 'validation' | 'all' }
): Promise<
  Pick<ModelComparison['films'], 'scope' | 'splits' | 'unknownSplits' | 'test'> & { ids: string[] }
> {
  const wanted = splitsOf(models, pair)
  const present = (await splits.list()).filter(split => wanted.has(split.id))
  const known = new Set(present.map(split => split.id))
  const unknownSplits = [...wanted].flatMap(([id, name]) => (known.has(id) ? [] : [name]))
  const scope =
    asked.filmIds !== null
      ? 'given'
      : asked.scope === 'validation' && present.length > 0
        ? 'validation'
        : 'all'
  let test = 0
  let ids = [...new Set(candidates)]
  for (const split of present) {
    const sides = await splits.sideOf(split.id, ids)
    test += sides.filter(side => side === 'test').length
    ids = ids.filter((_, i) => (scope === 'validation' ? sides[i] === 'validation' : sides[i] !== 'test'))
  }
  return { ids, scope, splits: present.map(split => split.name), unknownSplits, test }
}

/** Where two cards differ in what decides how a version came to be and what it is given; results and dates left out. */
function cardDifferences(a: ModelCard, b: ModelCard): ModelComparison['lineage']['differences'] {
  const [left, right] = [flatten(facts(a)), flatten(facts(b))]
  const fields = new Set([...left.keys(), ...right.keys()])
  return [...fields]
    .map(field => ({ field, a: left.get(field) ?? null, b: right.get(field) ?? null }))
    .filter(difference => difference.a !== difference.b)
}

function facts({ method, size, trained, seed, initialWeights, context, preprocessing, training }: ModelCard) {
  const { metrics: _, startedAt: __, finishedAt: ___, method: ____, ...made } = training ?? {}
  return {
    method,
    size,
    trained,
    seed,
    initialWeights,
    context,
    preprocessing: preprocessing.hash,
    training: made
  }
}

/** Leaves by their path, as text; lists are leaves. */
function flatten(value: object, path = ''): Map<string, string> {
  const leaves = new Map<string, string>()
  for (const [name, inner] of Object.entries(value) as [string, unknown][]) {
    const place = path ? `${path}.${name}` : name
    if (inner === null || inner === undefined) continue
    if (typeof inner === 'object' && !Array.isArray(inner)) {
      for (const [leaf, text] of flatten(inner, place)) leaves.set(leaf, text)
    } else leaves.set(place, Array.isArray(inner) ? inner.map(String).join(', ') : String(inner))
  }
  return leaves
}
