import { createPinia, disposePinia, getActivePinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FilmDetail, FilmRow, LabelValue, ProjectChange, Settings } from '../../contract'

/** A core in memory with the rules that matter here: revisions, conflicts, failures. */
const core = vi.hoisted(() => ({
  details: new Map<string, FilmDetail>(),
  failNext: null as Error | null,
  hold: null as Promise<void> | null,
  writes: [] as { id: string; value: LabelValue | null; revision: number }[],
  connection: null as { value: string } | null,
  contexts: [] as unknown[],
  notify: null as ((change: ProjectChange) => void) | null
}))

class CoreError extends Error {
  constructor(readonly code: string) {
    super(code)
  }
}

vi.mock('../api-client', async () => {
  const { ref } = await import('vue')
  return {
    connection: (core.connection = ref('open')),
    hostBridge: () => undefined,
    resourceUrl: (path: string) => path,
    isAborted: () => false,
    toProblem: (error: unknown) => ({ code: (error as CoreError).code ?? 'INTERNAL', message: '', data: {} }),
    api: {
      app: { info: async () => ({}), settings: async () => ({}) },
      project: {
        current: async () => ({ folder: '/p', name: 'p' }),
        changes: async function* () {
          const queue: ProjectChange[] = []
          let wake = () => {}
          core.notify = change => {
            queue.push(change)
            wake()
          }
          for (;;) {
            while (queue.length > 0) yield queue.shift()!
            await new Promise<void>(resolve => (wake = resolve))
          }
        }
      },
      films: { get: async ({ id }: { id: string }) => structuredClone(core.details.get(id)!) },
      history: { list: async () => [] },
      labelling: {
        setLabel: async (input: { filmId: string; value: LabelValue | null; revision: number }) => {
          await core.hold
          const failure = core.failNext
          core.failNext = null
          if (failure) throw failure
          const film = core.details.get(input.filmId)!
          if (input.revision !== film.revision) throw new CoreError('CONFLICT')
          core.writes.push({ id: input.filmId, value: input.value, revision: input.revision })
          store(input.filmId, input.value, 'Kim')
          return structuredClone(core.details.get(input.filmId)!)
        },
        setTags: async ({ filmId, tags, revision }: { filmId: string; tags: string[]; revision: number }) => {
          await core.hold
          const failure = core.failNext
          core.failNext = null
          if (failure) throw failure
          const film = core.details.get(filmId)!
          if (revision !== film.revision) throw new CoreError('CONFLICT')
          storeTags(filmId, tags, 'Kim')
          return structuredClone(core.details.get(filmId)!)
        },
        setContext: async (input: { revision: number }) => {
          core.contexts.push(input)
          return { revision: input.revision + 1, assessment: {} }
        }
      }
    }
  }
})

function store(id: string, value: LabelValue | null, reader: string): void {
  const film = core.details.get(id)!
  core.details.set(id, {
    ...film,
    label: value,
    revision: film.revision + 1,
    row: {
      ...film.row,
      label: value?.diagnosis ?? null,
      certainty: value?.certainty ?? null,
      labelledBy: reader
    }
  })
}

function storeTags(id: string, tags: string[], reader: string): void {
  const film = core.details.get(id)!
  const row = { ...film.row, tags, taggedBy: reader }
  core.details.set(id, { ...film, row, revision: film.revision + 1 })
}

function film(id: string): FilmDetail {
  const row = {
    id,
    tags: [] as string[],
    taggedBy: null,
    patientId: 'infant',
    patientKey: 'K',
    gaDays: 206,
    bwGrams: 1250,
    sex: 'M'
  } as FilmRow
  return { row, label: null, revision: 1, series: [row] } as FilmDetail
}

async function setUp(autoAdvance = true) {
  setActivePinia(createPinia())
  const { useReading } = await import('./reading')
  const { useReadingList } = await import('./reading-list')
  const { useSession } = await import('./session')
  const { useProject } = await import('./project')
  useSession().settings = { readerName: 'Kim', autoAdvance } as Settings
  await useProject().load()
  const reading = useReading()
  useReadingList().take(['a', 'b', 'c'])
  await reading.open('a')
  return { reading, list: useReadingList() }
}

const sure = (diagnosis: LabelValue['diagnosis'], comment = ''): LabelValue => ({
  diagnosis,
  certainty: 'sure',
  comment
})

/** Stores of one test must not see the connection come back in the next. */
afterEach(() => disposePinia(getActivePinia()!))

beforeEach(() => {
  core.details = new Map(['a', 'b', 'c', 'x'].map(id => [id, film(id)]))
  core.failNext = null
  core.hold = null
  core.writes = []
  core.contexts = []
})

describe('labelling', () => {
  it('goes to the next film once the label is acknowledged, and not before', async () => {
    const { reading } = await setUp()
    let release = () => {}
    core.hold = new Promise(resolve => (release = resolve))
    const done = reading.setLabel('RDS')
    expect(reading.save.state).toBe('saving')
    expect(reading.filmId).toBe('a')
    expect(reading.pending?.diagnosis).toBe('RDS')
    release()
    await done
    expect(reading.filmId).toBe('b')
    expect(reading.save).toMatchObject({ state: 'saved', filmId: 'a' })
    expect(core.writes).toEqual([{ id: 'a', value: sure('RDS'), revision: 1 }])
  })

  it('keeps a key pressed before the film is known for that film, and for no other', async () => {
    const { reading } = await setUp(false)
    const opened = reading.open('x')
    expect(reading.detail).toBeNull()
    const meant = reading.setLabel('TTN')
    await Promise.all([opened, meant])
    expect(core.writes).toEqual([{ id: 'x', value: sure('TTN'), revision: 1 }])

    core.details.set('y', film('y'))
    const left = reading.open('y')
    const lost = reading.setLabel('BPD')
    await Promise.all([left, lost, reading.open('a')])
    expect(core.writes).toHaveLength(1)
  })

  it('stays on the film where auto-advance is off', async () => {
    const { reading } = await setUp(false)
    await reading.setLabel('TTN')
    expect(reading.filmId).toBe('a')
    expect(reading.label).toEqual(sure('TTN'))
    expect(reading.pending).toBeUndefined()
  })

  it('does not go on a second time when the reader has already gone on', async () => {
    const { reading } = await setUp()
    let release = () => {}
    core.hold = new Promise(resolve => (release = resolve))
    const done = reading.setLabel('RDS')
    reading.next()
    release()
    await done
    expect(reading.filmId).toBe('b')
  })

  it('sends changes one after another, each on the revision that the one before made', async () => {
    const { reading } = await setUp(false)
    void reading.setLabel('RDS')
    void reading.toggleCertainty()
    await reading.setComment('granular')
    expect(core.writes.map(write => write.revision)).toEqual([1, 2, 3])
    expect(core.writes.at(-1)!.value).toEqual({ diagnosis: 'RDS', certainty: 'unsure', comment: 'granular' })
  })

  it('keeps certainty and comment given before the label for it', async () => {
    const { reading } = await setUp()
    await reading.toggleCertainty()
    await reading.setComment('skin fold?')
    expect(core.writes).toEqual([])
    await reading.setLabel('ALS')
    expect(core.writes[0]!.value).toEqual({ diagnosis: 'ALS', certainty: 'unsure', comment: 'skin fold?' })
  })

  it('only goes on when the same reader gives the same label again', async () => {
    const { reading } = await setUp(false)
    await reading.setLabel('RDS')
    await reading.setLabel('RDS')
    expect(core.writes).toHaveLength(1)
  })

  it("signs another's label on Enter, and does nothing where there is none", async () => {
    store('a', sure('TTN'), 'import: knn.csv')
    const { reading } = await setUp()
    expect(await reading.accept()).toBe(true)
    expect(core.writes).toMatchObject([{ id: 'a', value: sure('TTN') }])
    expect(reading.filmId).toBe('b')
    expect(await reading.accept()).toBe(false)
    expect(reading.filmId).toBe('b')
  })
})

describe('when saving goes wrong', () => {
  it('says so, keeps the stored label on screen, stays, and saves on retry', async () => {
    const { reading } = await setUp()
    core.failNext = new CoreError('DISK_FULL')
    await reading.setLabel('RDS')
    expect(reading.filmId).toBe('a')
    expect(reading.label).toBeNull()
    if (reading.save.state !== 'failed') throw new Error(reading.save.state)
    expect(reading.save.problem.code).toBe('DISK_FULL')
    await reading.save.retry()
    expect(core.details.get('a')!.label).toEqual(sure('RDS'))
    expect(reading.filmId).toBe('b')
  })

  it('tells of a failure on a film that the reader has left', async () => {
    const { reading } = await setUp()
    let release = () => {}
    core.hold = new Promise(resolve => (release = resolve))
    core.failNext = new CoreError('DISK_FULL')
    const done = reading.setLabel('RDS')
    reading.next()
    release()
    await done
    expect(reading.lostAway).toMatchObject({ filmId: 'a', problem: { code: 'DISK_FULL' } })
    reading.openLostAway()
    await vi.waitFor(() => expect(reading.save.state).toBe('failed'))
    expect(reading.filmId).toBe('a')
    expect(reading.lostAway).toBeNull()
  })

  it('keeps what failed on a film that was left, and saves it with the next that succeeds', async () => {
    const { reading } = await setUp()
    let release = () => {}
    core.hold = new Promise(resolve => (release = resolve))
    core.failNext = new CoreError('DISK_FULL')
    const done = reading.setLabel('RDS')
    reading.next()
    release()
    await done
    expect(core.details.get('a')!.label).toBeNull()
    expect(reading.unsaved).toMatchObject([{ filmId: 'a', change: { value: sure('RDS') } }])
    await reading.setLabel('TTN')
    await reading.retryUnsaved()
    expect(core.writes.map(({ id }) => id)).toEqual(['b', 'a'])
    expect(core.details.get('a')!.label).toEqual(sure('RDS'))
    expect(reading.unsaved).toEqual([])
    expect(reading.filmId).toBe('c')
  })

  it('sends what was under way when the connection was lost again once it is back', async () => {
    const { reading } = await setUp()
    core.failNext = new CoreError('CONNECTION_LOST')
    await reading.setLabel('RDS')
    expect(reading.save.state).toBe('failed')
    core.connection!.value = 'lost'
    await new Promise(resolve => setTimeout(resolve))
    core.connection!.value = 'open'
    await vi.waitFor(() => expect(reading.unsaved).toEqual([]))
    expect(core.details.get('a')!.label).toEqual(sure('RDS'))
  })

  it('never overwrites another reader by itself with what was left unsaved', async () => {
    const { reading } = await setUp()
    let release = () => {}
    core.hold = new Promise(resolve => (release = resolve))
    store('a', sure('ALS'), 'Lee')
    const done = reading.setLabel('RDS')
    reading.next()
    release()
    await done
    expect(reading.lostAway).toMatchObject({ filmId: 'a', problem: { code: 'CONFLICT' } })
    await reading.retryUnsaved()
    expect(core.details.get('a')!.label).toEqual(sure('ALS'))
    reading.openLostAway()
    await vi.waitFor(() => expect(reading.save.state).toBe('conflict'))
    await reading.resolveConflict('mine')
    expect(core.details.get('a')!.label).toEqual(sure('RDS'))
  })

  it('is replaced by a newer change of its kind, not by one of another kind', async () => {
    const { reading } = await setUp(false)
    core.failNext = new CoreError('DISK_FULL')
    await reading.setLabel('RDS')
    core.failNext = new CoreError('DISK_FULL')
    await reading.toggleTag('ett:too-low')
    expect(reading.unsaved).toHaveLength(2)
    core.failNext = new CoreError('DISK_FULL')
    await reading.setLabel('TTN')
    expect(reading.unsaved.map(({ change }) => change.kind)).toEqual(['tags', 'label'])
    await reading.retryUnsaved()
    expect(core.details.get('a')!).toMatchObject({ label: sure('TTN'), row: { tags: ['ett:too-low'] } })
  })
})

describe("another reader's change in the meantime", () => {
  it('is put to the reader when it touched what they see; their own change is saved if they say so', async () => {
    const { reading } = await setUp()
    store('a', sure('ALS'), 'Lee')
    await reading.setLabel('RDS')
    if (reading.save.state !== 'conflict') throw new Error(reading.save.state)
    expect(reading.save.theirs.label).toEqual(sure('ALS'))
    expect(reading.label).toEqual(sure('ALS'))
    expect(core.writes).toEqual([])
    await reading.resolveConflict('mine')
    expect(core.details.get('a')!.label).toEqual(sure('RDS'))
  })

  it('stands when the reader takes it', async () => {
    const { reading } = await setUp()
    store('a', sure('ALS'), 'Lee')
    await reading.setLabel('RDS')
    await reading.resolveConflict('theirs')
    expect(reading.save.state).toBe('idle')
    expect(core.details.get('a')!.label).toEqual(sure('ALS'))
  })

  it('is passed over when nothing that the reader sees has changed', async () => {
    const { reading } = await setUp()
    core.details.get('a')!.revision = 7
    await reading.setLabel('RDS')
    expect(core.writes).toEqual([{ id: 'a', value: sure('RDS'), revision: 7 }])
    expect(reading.filmId).toBe('b')
  })
})

describe('findings, lines and tubes', () => {
  it('are toggled on top of those on their way, each code once', async () => {
    const { reading } = await setUp()
    void reading.toggleTag('pneumothorax:left')
    void reading.toggleTag('ett:too-low')
    expect(reading.tags).toEqual(['pneumothorax:left', 'ett:too-low'])
    expect(reading.tagsWait).toBe(true)
    await reading.toggleTag('pneumothorax:right')
    expect(core.details.get('a')!.row.tags).toEqual(['pneumothorax:right', 'ett:too-low'])
    expect(reading.tagsWait).toBe(false)
    expect(reading.filmId).toBe('a')
  })

  it('that could not be saved stay on screen as such, and the next are added to them', async () => {
    const { reading } = await setUp()
    core.failNext = new CoreError('DISK_FULL')
    await reading.toggleTag('cardiomegaly')
    expect(reading.tags).toEqual(['cardiomegaly'])
    expect(reading.tagsWait).toBe(true)
    await reading.toggleTag('uvc:too-high')
    expect(core.details.get('a')!.row.tags).toEqual(['cardiomegaly', 'uvc:too-high'])
  })

  it('do not meet a conflict where another reader only labelled, and do where they were changed', async () => {
    const { reading } = await setUp()
    store('a', sure('ALS'), 'Lee')
    await reading.toggleTag('cardiomegaly')
    expect(reading.save.state).toBe('saved')
    storeTags('a', ['osteopenia'], 'Lee')
    await reading.toggleTag('uvc:too-high')
    expect(reading.save).toMatchObject({ state: 'conflict', theirs: { row: { tags: ['osteopenia'] } } })
  })
})

describe('going through the list', () => {
  it('stops at either end', async () => {
    const { reading } = await setUp()
    expect(reading.previous()).toBeNull()
    reading.next()
    reading.next()
    expect(reading.next()).toBeNull()
    expect(reading.filmId).toBe('c')
    expect(reading.place).toBe(3)
  })

  it('comes back to its place from a film outside the list', async () => {
    const { reading, list } = await setUp()
    reading.next()
    await reading.open('x')
    expect(reading.place).toBeNull()
    expect(list.ids).toEqual(['a', 'b', 'c'])
    expect(reading.next()).toBe('b')
  })

  it('shows nothing of the last film under the next', async () => {
    const { reading } = await setUp(false)
    await reading.setComment('draft')
    await reading.toggleCertainty()
    const going = reading.open('x')
    expect(reading.detail).toBeNull()
    expect(reading.comment).toBe('')
    expect(reading.certainty).toBe('sure')
    await going
    expect(reading.row?.id).toBe('x')
  })
})

it('saves GA and BW for the infant with the revision seen', async () => {
  const { reading } = await setUp()
  await reading.setContext({ gaDays: 210, bwGrams: 1300, sex: 'F' }, 'chart')
  expect(core.contexts).toEqual([
    { patientId: 'infant', value: { gaDays: 210, bwGrams: 1300, sex: 'F' }, reason: 'chart', revision: 1 }
  ])
  expect(reading.save.state).toBe('saved')
  expect(reading.filmId).toBe('a')
})

it('shows an undone label as soon as the project tells of it', async () => {
  const { reading } = await setUp(false)
  await reading.setLabel('RDS')
  store('a', null, 'Kim')
  core.notify!({ version: 2, areas: ['labels'], filmIds: ['a'] })
  await vi.waitFor(() => expect(reading.label).toBeNull())
})

it('forgets the film and the list when another project is opened', async () => {
  const { reading, list } = await setUp()
  const { useProject } = await import('./project')
  useProject().current = { ...useProject().current!, folder: '/other' }
  await vi.waitFor(() => expect(reading.filmId).toBeNull())
  expect(list.ids).toEqual([])
})
