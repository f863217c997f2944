import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { QueueReason, Settings } from '../../contract'
import { useQueues } from './queues'
import { useReadingList } from './reading-list'
import { useSession } from './session'

const core = vi.hoisted(() => ({ asked: [] as object[], failNext: false, films: 250 }))

vi.mock('../api-client', async () => {
  const { ref } = await import('vue')
  return {
    connection: ref('open'),
    hostBridge: () => undefined,
    toProblem: (error: unknown) => error,
    api: {
      queues: {
        list: async () => ({
          queues: [{ kind: 'ttn-rds', films: core.films, needsScores: false }],
          scores: null
        }),
        films: async (input: { queue: string; offset: number; limit: number }) => {
          core.asked.push(input)
          if (core.failNext) {
            core.failNext = false
            throw { code: 'INTERNAL' }
          }
          const films = Array.from({ length: core.films }, (_, i) => ({ row: { id: `${input.queue} ${i}` } }))
          return { total: core.films, films: films.slice(input.offset, input.offset + input.limit) }
        },
        order: async () => [
          {
            filmId: 'x',
            reasons: [{ kind: 'ttn-rds-model', label: 'TTN', predicted: 'RDS', probability: 1 }]
          },
          { filmId: 'y', reasons: [{ kind: 'random' }] }
        ]
      }
    }
  }
})

beforeEach(() => {
  setActivePinia(createPinia())
  useSession().settings = { blindReading: false } as Settings
  Object.assign(core, { asked: [], failNext: false, films: 250 })
})
const settled = () => new Promise(resolve => setTimeout(resolve))

describe('the films of a queue', () => {
  it('come in pages as they are scrolled to, each once', async () => {
    const queues = useQueues()
    queues.open()
    await settled()
    queues.ensure(90, 130)
    queues.ensure(90, 131)
    await settled()
    expect(core.asked.map(input => (input as { offset: number }).offset)).toEqual([0, 100])
    expect(queues.films[129]?.row.id).toBe('ttn-rds 129')
    expect(queues.films[249]).toBeUndefined()
  })

  it('are asked for again after a page has failed', async () => {
    const queues = useQueues()
    queues.open()
    await settled()
    core.failNext = true
    queues.ensure(100, 120)
    await settled()
    expect(queues.filmsProblem).toMatchObject({ code: 'INTERNAL' })
    queues.ensure(100, 121)
    await settled()
    expect(queues.filmsProblem).toBeNull()
    expect(queues.films[120]).toBeDefined()
  })

  it('are those of the queue chosen last, however late an answer to an earlier one comes', async () => {
    const queues = useQueues()
    void queues.choose('margin')
    void queues.choose('entropy')
    await settled()
    expect(queues.films[0]?.row.id).toBe('entropy 0')
  })

  it('become the reading list with their reasons, of which a blinded reader is told only what gives nothing away', async () => {
    const queues = useQueues()
    expect(await queues.read('y')).toBe('y')
    const list = useReadingList()
    expect(list.ids).toEqual(['x', 'y'])
    const kinds = (id: string) => list.reasonsFor(id).reasons.map(({ kind }: QueueReason) => kind)
    expect(kinds('x')).toEqual(['ttn-rds-model'])
    useSession().settings = { blindReading: true } as Settings
    expect([kinds('x'), list.reasonsFor('x').withheld]).toEqual([[], true])
    expect([kinds('y'), list.reasonsFor('y').withheld]).toEqual([['random'], false])
  })
})
