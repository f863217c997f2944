import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FilmDetail, ReadingTask, Settings } from '../../contract'
import { useBlinding } from './blinding'
import { useProtocolReading } from './protocol-reading'
import { useReading } from './reading'
import { useSession } from './session'

/** A core that hands out films in order and keeps what is committed. */
const core = vi.hoisted(() => ({
  queue: [] as string[],
  settings: {} as Partial<ReadingTask>,
  committed: [] as { taskId: string; answer: Record<string, unknown> }[],
  released: [] as string[],
  fail: null as { code: string; data: object } | null,
  /** What the reader could see at the moment that the film was asked for. */
  hiddenAtOpening: [] as boolean[]
}))

vi.mock('../api-client', async () => {
  const { ref } = await import('vue')
  return {
    connection: ref('open'),
    hostBridge: () => undefined,
    isAborted: () => false,
    toProblem: (error: unknown) => error,
    api: {
      films: {
        get: async ({ id }: { id: string }) => {
          const { useBlinding: blinding } = await import('./blinding')
          core.hiddenAtOpening.push(blinding().hides.model)
          return detail(id)
        }
      },
      history: { list: async () => [] },
      protocols: {
        next: async ({ kind }: { kind: ReadingTask['kind'] }) => {
          if (core.fail) throw core.fail
          const [filmId] = core.queue
          return filmId === undefined ? null : task(filmId, kind)
        },
        commit: async (input: { taskId: string; answer: Record<string, unknown> }) => {
          if (core.fail) throw core.fail
          core.committed.push(input)
          core.queue = core.queue.filter(id => `task ${id}` !== input.taskId)
          return { seq: core.committed.length, reveal: core.settings.revealAfterCommit, reasons: [] }
        },
        release: async ({ taskId }: { taskId: string }) => void core.released.push(taskId)
      }
    }
  }
})

const detail = (id: string) =>
  ({
    row: { id, patientId: 'p', label: 'RDS', labelledBy: 'Lee', predicted: 'TTN', confidence: 0.9 },
    label: { diagnosis: 'RDS', certainty: 'sure', comment: '' },
    file: '',
    series: []
  }) as unknown as FilmDetail

const task = (filmId: string, kind: ReadingTask['kind']): ReadingTask => ({
  id: `task ${filmId}`,
  protocolId: 'protocol',
  protocolName: 'Round 1',
  filmId,
  kind,
  reader: 'Kim',
  again: false,
  hides: { model: true, others: true, own: true, context: false },
  reasons: [],
  withheld: false,
  commentWhenUnsure: false,
  revealAfterCommit: false,
  done: 0,
  left: 1,
  ahead: [],
  ...core.settings
})

beforeEach(() => {
  setActivePinia(createPinia())
  useSession().settings = { readerName: 'Kim', blindReading: false } as Settings
  Object.assign(core, {
    queue: ['a', 'b'],
    settings: {},
    committed: [],
    released: [],
    fail: null,
    hiddenAtOpening: []
  })
})

describe('reading a protocol', () => {
  it('hides before the film comes, and shows nothing of it', async () => {
    const protocol = useProtocolReading()
    await protocol.begin('protocol', 'reading')
    expect(core.hiddenAtOpening).toEqual([true])
    expect(useReading().filmId).toBe('a')
    expect(useReading().row).toMatchObject({ label: null, predicted: null })
  })

  it('saves nothing before the answer is committed, and goes on from there', async () => {
    const protocol = useProtocolReading()
    await protocol.begin('protocol', 'reading')
    await protocol.accept()
    expect([protocol.asked, core.committed]).toEqual(['diagnosis', []])
    protocol.setLabel('TTN')
    protocol.setLabel('RDS')
    protocol.toggleCertainty()
    expect(core.committed).toEqual([])
    await protocol.accept()
    expect(core.committed).toMatchObject([
      { taskId: 'task a', answer: { diagnosis: 'RDS', certainty: 'unsure', seconds: null } }
    ])
    expect(useReading().filmId).toBe('b')
    expect(protocol.answer.diagnosis).toBeNull()
  })

  it('asks for the comment that an unsure answer needs, and for the reasons of an adjudication', async () => {
    core.settings = { commentWhenUnsure: true }
    const protocol = useProtocolReading()
    await protocol.begin('protocol', 'adjudication')
    protocol.setLabel('TTN')
    protocol.toggleCertainty()
    await protocol.accept()
    expect(protocol.asked).toBe('comment')
    protocol.setComment('early film')
    expect(protocol.asked).toBeNull()
    await protocol.accept()
    expect([protocol.asked, protocol.attempts]).toEqual(['reasons', 2])
    protocol.toggleReason('slip')
    await protocol.accept()
    expect(core.committed).toMatchObject([{ answer: { comment: 'early film', reasonCodes: ['slip'] } }])
  })

  it('reveals only once committed, hides the next again, and keeps a correction apart', async () => {
    core.settings = { revealAfterCommit: true }
    const protocol = useProtocolReading()
    await protocol.begin('protocol', 'reading')
    protocol.setLabel('TTN')
    await protocol.accept()
    expect(useReading().row).toMatchObject({ label: 'RDS', predicted: 'TTN' })
    expect(useReading().filmId).toBe('a')
    protocol.setLabel('RDS')
    expect(protocol.changed).toBe(true)
    await protocol.accept()
    expect(core.committed.map(({ answer }) => answer.diagnosis)).toEqual(['TTN', 'RDS'])
    expect(useReading().filmId).toBe('a')
    await protocol.accept()
    expect(useReading().filmId).toBe('b')
    expect(useReading().row).toMatchObject({ label: null, predicted: null })
  })

  it('answers to no other film than the one in hand', async () => {
    const protocol = useProtocolReading()
    await protocol.begin('protocol', 'reading')
    await useReading().open('sibling')
    protocol.setLabel('TTN')
    await protocol.accept()
    expect(core.committed).toEqual([])
    expect(useReading().filmId).toBe('a')
    expect(protocol.answer.diagnosis).toBeNull()
  })

  it('goes back to the last reading to correct it, then on to the film that was in hand', async () => {
    const protocol = useProtocolReading()
    await protocol.begin('protocol', 'reading')
    protocol.setLabel('TTN')
    await protocol.accept()
    await protocol.correctLast()
    expect([useReading().filmId, protocol.answer.diagnosis]).toEqual(['a', 'TTN'])
    protocol.setLabel('BPD')
    await protocol.accept()
    expect(core.committed.map(({ taskId }) => taskId)).toEqual(['task a', 'task a'])
    expect(useReading().filmId).toBe('b')
  })

  it('keeps the answer where saving fails, and says when the film has passed on', async () => {
    const protocol = useProtocolReading()
    await protocol.begin('protocol', 'reading')
    protocol.setLabel('ALS')
    core.fail = { code: 'CONFLICT', data: { reason: 'passed-on' } }
    await protocol.accept()
    expect(protocol.problem).toMatchObject({ code: 'CONFLICT' })
    expect([protocol.answer.diagnosis, protocol.state]).toEqual(['ALS', 'reading'])
    core.fail = null
    await protocol.accept()
    expect(core.committed).toHaveLength(1)
  })

  it('ends with nothing on screen that was hidden, and gives the film back only when told to', async () => {
    const protocol = useProtocolReading()
    await protocol.begin('protocol', 'reading')
    protocol.stop()
    expect([useReading().filmId, useBlinding().locked, core.released]).toEqual([null, false, []])
    await protocol.begin('protocol', 'reading')
    expect(await protocol.release()).toBe(true)
    expect(core.released).toEqual(['task a'])
    core.queue = []
    protocol.stop()
    await protocol.begin('protocol', 'reading')
    expect([protocol.state, protocol.task]).toEqual(['finished', null])
  })

  describe('time per read', () => {
    let now = 0
    beforeEach(() => {
      now = 0
      vi.spyOn(performance, 'now').mockImplementation(() => now)
    })
    afterEach(() => vi.restoreAllMocks())
    const look = (protocol: ReturnType<typeof useProtocolReading>, seconds: number) => {
      protocol.setLooking(true)
      now += 1000 * seconds
      protocol.setLooking(false)
    }
    const seconds = () => core.committed.map(({ answer }) => answer.seconds)

    it('goes on after a pause where it was, and counts nothing of the pause', async () => {
      const protocol = useProtocolReading()
      await protocol.begin('protocol', 'reading')
      look(protocol, 20)
      protocol.stop()
      now += 3_600_000
      core.settings = { again: true }
      await protocol.begin('protocol', 'reading')
      look(protocol, 5)
      protocol.setLabel('RDS')
      await protocol.accept()
      expect(seconds()).toEqual([25])
    })

    it('is that of the film in hand, also where the one before it was corrected meanwhile', async () => {
      const protocol = useProtocolReading()
      await protocol.begin('protocol', 'reading')
      look(protocol, 10)
      protocol.setLabel('RDS')
      await protocol.accept()
      look(protocol, 4)
      core.settings = { again: true }
      await protocol.correctLast()
      look(protocol, 100)
      protocol.setLabel('TTN')
      await protocol.accept()
      look(protocol, 3)
      protocol.setLabel('TTN')
      await protocol.accept()
      expect(seconds()).toEqual([10, null, 7])
    })

    it('is not told of a film that was in hand before this window knew of it', async () => {
      core.settings = { again: true }
      const protocol = useProtocolReading()
      await protocol.begin('protocol', 'reading')
      look(protocol, 5)
      protocol.setLabel('RDS')
      await protocol.accept()
      expect(seconds()).toEqual([null])
    })
  })
})
