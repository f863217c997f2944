import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ProjectDatabase } from '../database'
import { DIAGNOSES } from '../domain'
import { createRandom, systemClock } from '../foundation'
import { createLabelStore } from './label-store'
import { makeProject, removeProject, stateOf } from './test-project.fixture'
import type { LabelStore } from './types'

let project: { folder: string; database: ProjectDatabase }
let labels: LabelStore

beforeEach(async () => {
  project = await makeProject()
  labels = createLabelStore(project.database, systemClock, stateOf)
})
afterEach(() => removeProject(project))

const set = async (filmId: string, diagnosis: (typeof DIAGNOSES)[number], reader: string) =>
  labels.setLabel({
    filmId,
    value: { diagnosis, certainty: 'sure', comment: '' },
    reader,
    revision: await labels.head()
  })

const labelOf = async (id: string) =>
  (await project.database.kysely.selectFrom('film').select('label').where('id', '=', id).executeTakeFirst())
    ?.label

describe('undo and redo', () => {
  it('go back and forth, every step an entry of its own that names what it turns over', async () => {
    await set('f1', 'TTN', 'Kim')
    await set('f1', 'RDS', 'Kim')
    expect(await labels.undo('Kim')).toMatchObject({ seq: 3, undoes: 2, new: { diagnosis: 'TTN' } })
    expect(await labels.undo('Kim')).toMatchObject({ seq: 4, undoes: 1, new: null })
    expect(await labels.undo('Kim')).toBeNull()
    expect(await labels.redo('Kim')).toMatchObject({ seq: 5, undoes: 1, new: { diagnosis: 'TTN' } })
    expect(await labels.redo('Kim')).toMatchObject({ seq: 6, undoes: 2, new: { diagnosis: 'RDS' } })
    expect(await labels.redo('Kim')).toBeNull()
    expect(await labels.undo('Kim')).toMatchObject({ seq: 7, undoes: 2 })
    expect(await labelOf('f1')).toBe('TTN')
  })

  it('forget what was taken back once the reader changes something', async () => {
    await set('f1', 'TTN', 'Kim')
    await labels.undo('Kim')
    await set('f2', 'RDS', 'Kim')
    expect(await labels.redo('Kim')).toBeNull()
    expect(await labels.undo('Kim')).toMatchObject({ undoes: 3 })
    expect(await labels.undo('Kim')).toBeNull()
  })

  it("leave other readers' changes alone, and pass over what another reader has changed since", async () => {
    await set('f1', 'TTN', 'Kim')
    await set('f2', 'TTN', 'Kim')
    await set('f2', 'RDS', 'Lee')
    await set('f3', 'BPD', 'Lee')
    expect(await labels.undo('Kim')).toMatchObject({ undoes: 1, subjectId: 'f1' })
    expect(await labels.undo('Kim')).toBeNull()
    await set('f1', 'ALS', 'Lee')
    expect(await labels.redo('Kim')).toBeNull()
    expect([await labelOf('f1'), await labelOf('f2'), await labelOf('f3')]).toEqual(['ALS', 'RDS', 'BPD'])
  })

  it('cover the clinical context', async () => {
    const value = { gaDays: 206, bwGrams: 1250, sex: 'F' as const }
    await labels.setContext({ patientId: 'p2', value, revision: 0, reader: 'Kim', reason: 'chart' })
    await labels.undo('Kim')
    const infant = () =>
      project.database.kysely.selectFrom('patient').selectAll().where('id', '=', 'p2').executeTakeFirst()
    expect(await infant()).toMatchObject({ ga_days: null, bw_grams: null, sex: null, sex_source: null })
    await labels.redo('Kim')
    expect(await infant()).toMatchObject({ ga_days: 206, bw_grams: 1250, sex: 'F', sex_source: 'reader' })
  })

  it.each([1, 2, 3, 4, 5])(
    'follow a plain model of undo stacks through random work (seed %i)',
    async seed => {
      const random = createRandom(seed, 'undo')
      const readers = ['Kim', 'Lee']
      /** Who last changed a film and to what; the value is owned by the change that made it. */
      const current = new Map<string, { change: number; label: string | null }>()
      interface Change {
        id: number
        film: string
        before: { change: number; label: string | null }
        after: { change: number; label: string | null }
      }
      const done = new Map<string, Change[]>(readers.map(reader => [reader, []]))
      const undone = new Map<string, Change[]>(readers.map(reader => [reader, []]))
      const nothing = { change: 0, label: null }
      const standing = (film: string) => current.get(film) ?? nothing
      /** The topmost change whose film still is as `side` left it. */
      const takeTop = (stack: Change[], side: 'before' | 'after') => {
        for (let i = stack.length - 1; i >= 0; i--) {
          if (standing(stack[i]!.film) === stack[i]![side]) return stack.splice(i, 1)[0]!
        }
        return null
      }
      let changes = 0
      for (let step = 0; step < 120; step++) {
        const reader = random.pick(readers)
        const act = random.pick(['set', 'set', 'undo', 'undo', 'redo'])
        if (act === 'set') {
          const film = `f${random.integer(1, 4)}`
          const label = random.pick(DIAGNOSES)
          const entry = await set(film, label, reader)
          if (!entry) continue
          const after = { change: ++changes, label }
          done.get(reader)!.push({ id: changes, film, before: standing(film), after })
          undone.set(reader, [])
          current.set(film, after)
        } else {
          const [from, to] = act === 'undo' ? [done, undone] : [undone, done]
          const sides = act === 'undo' ? (['after', 'before'] as const) : (['before', 'after'] as const)
          const change = takeTop(from.get(reader)!, sides[0])
          const entry = act === 'undo' ? await labels.undo(reader) : await labels.redo(reader)
          expect([step, act, entry?.subjectId ?? null]).toEqual([step, act, change?.film ?? null])
          if (!change) continue
          to.get(reader)!.push(change)
          current.set(change.film, change[sides[1]])
        }
        for (const film of ['f1', 'f2', 'f3', 'f4']) {
          expect([step, film, await labelOf(film)]).toEqual([step, film, standing(film).label])
        }
      }
      expect(await labels.verify()).toMatchObject({ intact: true })
    }
  )
})
