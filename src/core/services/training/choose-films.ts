import type { TrainingOptions } from '../../../contract'
import { chooseRehearsal } from '../../curation'
import type { Diagnosis } from '../../domain'
import type { ModelFolder } from '../../model-registry'
import type { FilmRow } from '../../study-store'
import type { ProjectSession } from '../core-context'
import type { ManifestFilm } from './run-manifest'

export interface ChosenFilms {
  train: ManifestFilm[]
  validation: ManifestFilm[]
  /** Films of the training side that the parent has not seen as they are now. */
  newIds: string[]
  rehearsal: number
}

/** New films taught together with this many old ones each, unless said otherwise. */
const REHEARSED_PER_NEW = 4

/**
 * The films of a run from the two open sides of a split, by id. A film is left out that since the split was made lost its
 * label or its file, or whose GA and BW became too implausible to learn from.
 */
export async function chooseFilms(
  { studies, splits, labels }: ProjectSession,
  splitId: string,
  parent: ModelFolder | null,
  { data, rehearsal, seed }: Required<Pick<TrainingOptions, 'data' | 'rehearsal' | 'seed'>>
): Promise<ChosenFilms> {
  const sides = await splits.trainingFilms(splitId)
  const usable = async (ids: string[]) =>
    (await studies.rows(ids))
      .filter(row => row.label !== null && !row.missing && row.contextState !== 'blocked')
      .sort(byId)
  const train = await usable(sides.train)
  const validation = (await usable(sides.validation)).map(toFilm)
  const changed = parent ? await labels.changedSince(seenUntil(parent)) : null
  const isNew = ({ id }: FilmRow) => changed === null || changed.has(id)
  const fresh = train.filter(isNew)
  const newIds = fresh.map(({ id }) => id)
  if (data === 'all') return { train: train.map(toFilm), validation, newIds, rehearsal: 0 }

  const known = train.filter(row => !isNew(row)).map(row => ({ ...row, label: row.label! }))
  const rehearsed = new Set(chooseRehearsal(known, rehearsal ?? REHEARSED_PER_NEW * fresh.length, seed))
  const chosen = train.filter(row => isNew(row) || rehearsed.has(row.id))
  return { train: chosen.map(toFilm), validation, newIds, rehearsal: rehearsed.size }
}

/** Up to when a model has seen the labels: a trained one those of its start, any other none that came after it was made. */
function seenUntil({ card }: ModelFolder): string {
  return card.training?.startedAt ?? card.createdAt
}

const byId = (a: FilmRow, b: FilmRow) => (a.id < b.id ? -1 : 1)

function toFilm({ id, label, gaDays, bwGrams }: FilmRow): ManifestFilm {
  return { id, label: label as Diagnosis, gaDays, bwGrams }
}
