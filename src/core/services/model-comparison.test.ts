import { describe, expect, it } from 'vitest'
import { compareMetrics, type ComparedFilm } from './model-comparison'

const film = (patientId: string, a: number, b: number, label: number | null): ComparedFilm => ({
  patientId,
  a,
  b,
  label
})

describe('compared metrics', () => {
  it('draw infants, not films: of two infants the resamples are p1 p1, p1 p2, p2 p1, p2 p2', async () => {
    // On p1 only B is right, ten films alike; on p2 both are. The difference is then 1, 10/11 or 0, never in between.
    const films = [...Array.from({ length: 10 }, () => film('p1', 1, 0, 0)), film('p2', 2, 2, 2)]
    const { metrics, resamples } = await compareMetrics(films)
    const [accuracy] = metrics
    expect(resamples).toBe(1000)
    expect(accuracy).toMatchObject({ a: 1 / 11, b: 1 })
    expect(accuracy!.difference).toEqual({ estimate: 1 - 1 / 11, low: 0, high: 1 })
  })

  it('take macro F1 over the classes that occur or are predicted', async () => {
    const films = [film('p1', 0, 0, 0), film('p2', 1, 1, 0), film('p3', 1, 0, 1), film('p4', 1, 1, null)]
    const [, macroF1] = (await compareMetrics(films)).metrics
    expect(macroF1!.a).toBeCloseTo((2 / 3 + 2 / 3) / 2, 12)
    expect(macroF1!.b).toBeCloseTo((1 / 2 + 0) / 2, 12)
  })

  it('leave the event loop free between resamples of many films', async () => {
    const films = Array.from({ length: 12_000 }, (_, i) => film(`p${i % 4_000}`, i % 6, (i >> 1) % 6, i % 6))
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    await compareMetrics(films)
    clearInterval(timer)
    // None at all where it never gives way; how many depends on the machine.
    expect(turns).toBeGreaterThan(2)
  })
})
