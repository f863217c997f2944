import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { evaluationOptions, EvaluationSet, EvaluationWarning } from '../../../contract'
import type { Split } from '../../curation'
import { DIAGNOSES, isDiagnosis } from '../../domain'
import { NeoGateError } from '../../foundation'
import { ancestry, type ListedModel } from '../../model-registry'
import type { FilmRow } from '../../study-store'
import type { ProjectSession } from '../core-context'

export type FullEvaluationOptions = z.output<typeof evaluationOptions>

export interface ChosenSet {
  set: EvaluationSet
  /** In table order. */
  filmIds: string[]
  warnings: EvaluationWarning[]
}

const EVERY_FILM = {
  filter: { text: '', facets: {} },
  sort: { key: 'patientKey', direction: 'ascending' }
} as const

const FEW_INFANTS = 30

export function warning(
  code: EvaluationWarning['code'],
  count: number,
  diagnosis: EvaluationWarning['diagnosis'] = null
): EvaluationWarning {
  return { code, count, diagnosis }
}

/**
 * Resolves which films an evaluation is of. A locked test side is handed out for a reason only, which is recorded here; films on
 * the test side of any other split that the version comes from are always left out.
 * @throws NeoGateError INVALID_INPUT for a test side without a reason, or where there is no split or no film; NOT_FOUND
 */
export async function chooseSet(
  session: ProjectSession,
  model: ListedModel,
  models: readonly ListedModel[],
  asked: FullEvaluationOptions['set'],
  reader: string
): Promise<ChosenSet> {
  const lineage = await lineageSplits(session, model, models)
  const newest = (await session.splits.list()).at(-1) ?? null
  if (asked.kind === 'all') {
    const guarding = lineage.known.length > 0 ? lineage.known : newest ? [newest] : []
    const every = await session.studies.ids(EVERY_FILM)
    const usable = await usableFilms(session, every, guarding)
    const set = { kind: 'all', split: null, side: null, reason: null } as const
    return finish(session, { set, ...usable }, model, lineage)
  }

  const split = asked.split === null ? (lineage.known[0] ?? newest) : await session.splits.get(asked.split)
  if (!split) {
    throw new NeoGateError('INVALID_INPUT', 'This project has no split.', {
      field: 'split',
      remedy: 'Make a split first, or evaluate on all labelled films.'
    })
  }
  const reason = asked.side === 'test' ? (asked.reason?.trim() ?? '') : ''
  const ids =
    asked.side === 'test'
      ? await session.splits.lockedTestFilms(split.id, { reader, reason })
      : (await session.splits.trainingFilms(split.id))[asked.side]
  const order = new Map((await session.studies.ids(EVERY_FILM)).map((id, place) => [id, place]))
  const ordered = [...ids].sort((a, b) => order.get(a)! - order.get(b)!)
  const others = lineage.known.filter(({ id }) => id !== split.id)
  const usable = await usableFilms(session, ordered, others)
  const labels = new Map((await session.splits.manifest(split.id)).films.map(({ id, label }) => [id, label]))
  const relabelled = usable.rows.filter(row => labels.get(row.id) !== row.label).length
  if (relabelled > 0) usable.warnings.push(warning('relabelled', relabelled))
  const set = {
    kind: 'side',
    split: { id: split.id, name: split.name, hash: split.hash },
    side: asked.side,
    reason: asked.side === 'test' ? reason : null
  } as const
  return finish(session, { set, ...usable }, model, lineage)
}

interface Lineage {
  /** Splits that the version and those it comes from were trained with, its own first. */
  known: Split[]
  /** One of them was trained on films of which this project has no record. */
  unknown: boolean
}

export async function lineageSplits(
  { splits }: Pick<ProjectSession, 'splits'>,
  model: ListedModel,
  models: readonly ListedModel[]
): Promise<Lineage> {
  const here = new Map((await splits.list()).map(split => [split.id, split]))
  const line = ancestry(model, models)
  const versions = line.flatMap(hash => models.find(listed => listed.hash === hash) ?? [])
  const found = versions
    .filter(({ card }) => card.trained)
    .map(({ card }) => here.get(card.training?.split?.id ?? ''))
  return {
    known: [...new Set(found.filter(split => split !== undefined))],
    unknown: found.includes(undefined) || versions.length < line.length
  }
}

/** What training would use of these films as well: labelled, readable, with plausible GA and BW. */
async function usableFilms(
  { studies, splits }: ProjectSession,
  ids: readonly string[],
  guarding: readonly Split[]
): Promise<{ rows: FilmRow[]; warnings: EvaluationWarning[] }> {
  let left = [...ids]
  for (const split of guarding) {
    const sides = await splits.sideOf(split.id, left)
    left = left.filter((_, i) => sides[i] !== 'test')
  }
  const locked = ids.length - left.length
  const all = await studies.rows(left)
  const labelled = all.filter(({ label }) => isDiagnosis(label))
  const readable = labelled.filter(({ missing }) => !missing)
  const rows = readable.filter(({ contextState }) => contextState !== 'blocked')
  const counts: [EvaluationWarning['code'], number][] = [
    ['test-left-out', locked],
    ['unlabelled', all.length - labelled.length],
    ['unreadable', labelled.length - readable.length],
    ['implausible-context', readable.length - rows.length]
  ]
  return { rows, warnings: counts.flatMap(([code, count]) => (count > 0 ? [warning(code, count)] : [])) }
}

async function finish(
  { splits }: ProjectSession,
  { set, rows, warnings }: { set: EvaluationSet; rows: FilmRow[]; warnings: EvaluationWarning[] },
  model: ListedModel,
  lineage: Lineage
): Promise<ChosenSet> {
  const filmIds = rows.map(({ id }) => id)
  if (filmIds.length < 2) {
    throw new NeoGateError(
      'INVALID_INPUT',
      `The set has ${filmIds.length} usable films; at least 2 are needed.`,
      {
        field: 'set',
        reason: 'too-few-films',
        remedy: 'Label more films, or choose another set.'
      }
    )
  }
  const learnt = new Set<string>()
  const stoppedBy = new Set<string>()
  for (const split of lineage.known) {
    const sides = await splits.sideOf(split.id, filmIds)
    filmIds.forEach((id, i) => {
      if (sides[i] === 'train') learnt.add(id)
      if (sides[i] === 'validation') stoppedBy.add(id)
    })
  }
  const infants = new Set(rows.map(({ patientId }) => patientId)).size
  const found = [...warnings]
  if (!model.card.trained) found.push(warning('untrained', filmIds.length))
  if (learnt.size > 0) found.push(warning('learnt-from', learnt.size))
  if (lineage.unknown) found.push(warning('unknown-training', filmIds.length))
  if (stoppedBy.size > 0) found.push(warning('stopped-by', stoppedBy.size))
  if (infants < FEW_INFANTS) found.push(warning('few-infants', infants))
  for (const diagnosis of DIAGNOSES) {
    if (!rows.some(({ label }) => label === diagnosis)) found.push(warning('class-missing', 0, diagnosis))
  }
  return { set, filmIds, warnings: found }
}

/** SHA-256 over films with their labels, GA and BW, by id: what an evaluation is of. */
export function setHash(rows: readonly Pick<FilmRow, 'id' | 'label' | 'gaDays' | 'bwGrams'>[]): string {
  const lines = rows.map(({ id, label, gaDays, bwGrams }) => JSON.stringify([id, label, gaDays, bwGrams]))
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex')
}
