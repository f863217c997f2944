import { describe, expect, it } from 'vitest'
import { FilmCache } from './film-cache'
import { testFilm } from './test-film'

/** A source whose films arrive when the test says so. */
function source() {
  const waiting = new Map<string, { arrive: () => void; fail: () => void }>()
  const asked: string[] = []
  const aborted: string[] = []
  const load = (id: string, signal: AbortSignal) =>
    new Promise<ReturnType<typeof testFilm>>((resolve, reject) => {
      asked.push(id)
      signal.addEventListener('abort', () => {
        aborted.push(id)
        reject(new DOMException('gone', 'AbortError'))
      })
      waiting.set(id, {
        arrive: () => resolve(testFilm(() => 1, {}, id)),
        fail: () => reject(new Error('damaged'))
      })
    })
  const settle = async (id: string, how: 'arrive' | 'fail' = 'arrive') => {
    waiting.get(id)![how]()
    for (let i = 0; i < 8; i++) await Promise.resolve()
  }
  return { load, asked, aborted, settle }
}

const FILM_BYTES = 64 * 48 * 2

describe('film cache', () => {
  it('fetches a film once and then has it', async () => {
    const { load, asked, settle } = source()
    const cache = new FilmCache(load)
    const first = cache.get('a')
    expect(cache.peek('a')).toBeNull()
    await settle('a')
    expect((await first).id).toBe('a')
    expect(cache.peek('a')?.id).toBe('a')
    await cache.get('a')
    expect(asked).toEqual(['a'])
  })

  it('drops the least recently used film when full', async () => {
    const { load, settle } = source()
    const cache = new FilmCache(load, 2 * FILM_BYTES)
    for (const id of ['a', 'b']) {
      void cache.get(id)
      await settle(id)
    }
    void cache.get('a')
    void cache.get('c')
    await settle('c')
    expect(['a', 'b', 'c'].map(id => cache.peek(id)?.id)).toEqual(['a', undefined, 'c'])
  })

  it('keeps the newest film even where it alone exceeds the capacity', async () => {
    const { load, settle } = source()
    const cache = new FilmCache(load, 10)
    void cache.get('a')
    await settle('a')
    expect(cache.peek('a')?.id).toBe('a')
  })

  it('fetches ahead one at a time, nearest first, and tells of each', async () => {
    const { load, asked, settle } = source()
    const cache = new FilmCache(load)
    const ready: string[] = []
    const done = cache.prefetch('a', ['b', 'c'], film => ready.push(film.id))
    expect(asked).toEqual(['a'])
    await settle('a')
    expect(asked).toEqual(['a', 'b'])
    await settle('b')
    await settle('c')
    await done
    expect(ready).toEqual(['b', 'c'])
  })

  it('gives up what is wanted no more', async () => {
    const { load, aborted, asked, settle } = source()
    const cache = new FilmCache(load)
    const ready: string[] = []
    void cache.prefetch('a', ['b'], film => ready.push(film.id))
    await settle('a')
    void cache.prefetch('x', ['y'], film => ready.push(film.id))
    expect(aborted).toEqual(['b'])
    await settle('x')
    await settle('y')
    expect(asked).toEqual(['a', 'b', 'x', 'y'])
    expect(ready).toEqual(['y'])
  })

  it('tries a failed film again when it is asked for again', async () => {
    const { load, asked, settle } = source()
    const cache = new FilmCache(load)
    const first = cache.get('a')
    await Promise.all([expect(first).rejects.toThrow('damaged'), settle('a', 'fail')])
    const second = cache.get('a')
    await settle('a')
    expect((await second).id).toBe('a')
    expect(asked).toEqual(['a', 'a'])
  })
})
