import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { FilmRow } from '../../contract'
import { useHanging } from './hanging'

interface Known {
  row: FilmRow
  series: FilmRow[]
}
const room = vi.hoisted(() => ({
  reading: null as unknown as { filmId: string; detail: Known | null; row: FilmRow | null },
  opened: [] as string[]
}))

vi.mock('./project', () => ({ useProject: () => ({ current: null }) }))
vi.mock('./reading', async () => {
  const { reactive } = await import('vue')
  room.reading = reactive({ filmId: '', detail: null, row: null }) as typeof room.reading
  return { useReading: () => Object.assign(room.reading, { open: async (id: string) => read(id) }) }
})

const film = (id: string, ageHours: number) =>
  ({ id, ageHours, filmTime: null, patientId: id[0], label: 'RDS', predicted: 'TTN' }) as FilmRow
const infants: Record<string, FilmRow[]> = {
  a: [film('a1', 2), film('a2', 20), film('a3', 90)],
  b: [film('b1', 5)]
}

/** As the reading store does: the id at once, what is known of the film when it comes. */
function read(id: string, known = true): void {
  room.opened.push(id)
  const series = infants[id[0]!]!
  const row = series.find(each => each.id === id)!
  Object.assign(room.reading, {
    filmId: id,
    ...(known ? { detail: { row, series }, row } : { detail: null, row: null })
  })
}

beforeEach(() => {
  setActivePinia(createPinia())
  read('a2')
  room.opened = []
})

describe('how films hang', () => {
  it('hangs the prior beside, and goes back', () => {
    const hanging = useHanging()
    expect(hanging.togglePrior()).toBeNull()
    expect(hanging.films).toEqual(['a2', 'a1'])
    hanging.togglePrior()
    expect(hanging.films).toEqual(['a2'])
  })

  it('says that a first film has no prior; not before its infant is known', () => {
    const hanging = useHanging()
    read('b1', false)
    expect(hanging.togglePrior()).toBeNull()
    expect(hanging.layout).toBe('1x2')
    hanging.togglePrior()
    read('b1')
    expect(hanging.togglePrior()).toBe('none')
    expect(hanging.layout).toBe('1')
  })

  it('reads on from the strip in the first pane, and only looks in the others', () => {
    const hanging = useHanging()
    hanging.setLayout('2x2')
    hanging.activate(2)
    hanging.choose('a1')
    expect(hanging.films).toEqual(['a2', 'a3', 'a1', null])
    expect(room.opened).toEqual([])
    hanging.activate(0)
    hanging.choose('a3')
    expect(room.opened).toEqual(['a3'])
  })

  it('changes places rather than hanging a film twice', () => {
    const hanging = useHanging()
    hanging.setLayout('2x2')
    expect(hanging.films).toEqual(['a2', 'a1', 'a3', null])
    hanging.activate(1)
    hanging.choose('a3')
    expect(hanging.films).toEqual(['a2', 'a3', 'a1', null])
  })

  it('reads the film of the active pane; the one read until now takes its place', () => {
    const hanging = useHanging()
    hanging.setLayout('1x2')
    hanging.activate(1)
    hanging.readActive()
    expect(hanging.films).toEqual(['a1', 'a2'])
    expect(hanging.active).toBe(0)
  })

  it('steps along the strip, past the film being read', () => {
    const hanging = useHanging()
    hanging.setLayout('1x2')
    hanging.activate(1)
    expect(hanging.step(1)).toBe(true)
    expect(hanging.films).toEqual(['a2', 'a3'])
    expect(hanging.step(1)).toBe(false)
    expect(hanging.step(-1)).toBe(true)
    expect(hanging.films).toEqual(['a2', 'a1'])
  })

  it('keeps the films beside where they are until the next film of the infant is known', () => {
    const hanging = useHanging()
    hanging.setLayout('2x2')
    read('a3', false)
    expect(hanging.films).toEqual(['a3', 'a2', 'a1', null])
    expect(hanging.rowOf('a1')).toBeNull()
    expect(JSON.stringify(hanging.series)).not.toMatch(/RDS|TTN/)
  })

  it('starts over with another infant', () => {
    const hanging = useHanging()
    hanging.setLayout('1x2')
    hanging.activate(1)
    hanging.choose('a3')
    read('b1', false)
    expect(hanging.films).toEqual(['b1', null])
    read('b1')
    expect(hanging.active).toBe(0)
    read('a2')
    expect(hanging.films).toEqual(['a2', 'a1'])
  })

  it('knows an alignment from either side, for the two films it was made for', () => {
    const hanging = useHanging()
    hanging.align('a1', 'a2', { scale: 2, turn: Math.PI / 2, x: 10, y: -4, by: 'hand' })
    const back = hanging.alignment('a2', 'a1')!
    expect(back).toMatchObject({ scale: 0.5, turn: -Math.PI / 2, by: 'hand' })
    expect([back.x, back.y]).toEqual([expect.closeTo(2, 9), expect.closeTo(5, 9)])
    hanging.align('a2', 'a1', { scale: 4, turn: 0, x: 0, y: 0, by: 'pictures' })
    expect(hanging.alignment('a1', 'a2')).toMatchObject({ scale: 0.25 })
    expect(hanging.alignment('a1', 'a3')).toBeNull()
    expect(hanging.alignment('a1', 'a1')).toMatchObject({ scale: 1, x: 0, y: 0 })
  })
})
