import { describe, expect, it } from 'vitest'
import { emptyLog, takeEvents } from './run-log'
import type { TrainingEvent } from '../../../contract'

const AT = '2026-01-01T00:00:00.000Z'
const FILM = 'a'.repeat(26)

const started = (step: number, resumed: boolean): TrainingEvent => ({
  type: 'started',
  step,
  epoch: Math.floor(step / 10),
  provider: 'cpu',
  resumed
})
const step = (at: number, loss = 1): TrainingEvent => ({
  type: 'step',
  step: at,
  epoch: Math.floor((at - 1) / 10),
  stepsPerEpoch: 10,
  loss,
  learningRate: 1e-4,
  gradientNorm: 1,
  filmsPerSecond: 10,
  secondsLeft: 5
})
const epoch = (number: number): TrainingEvent => ({
  type: 'epoch',
  step: number * 10,
  epoch: number,
  trainingLoss: 1,
  validationLoss: 1,
  accuracy: 0.5,
  macroF1: 0.4,
  macroAuroc: 0.7,
  best: true
})
const checkpoint = (at: number): TrainingEvent => ({ type: 'checkpoint', step: at })

function logOf(...events: TrainingEvent[]) {
  const log = emptyLog()
  const logged = events.map((event, index) => ({ seq: index + 1, at: AT, event }))
  takeEvents(log, logged)
  return { log, logged }
}
const stepsOf = (log: ReturnType<typeof emptyLog>) => log.steps.map(point => point.step)

describe('run log', () => {
  it('gathers points in order and remembers the last sequence number', () => {
    const { log } = logOf(started(0, false), step(4), step(8), epoch(1), step(12))
    expect(stepsOf(log)).toEqual([4, 8, 12])
    expect(log.epochs.map(point => point.step)).toEqual([10])
    expect([log.seq, log.provider]).toEqual([5, 'cpu'])
  })

  it('takes no event twice', () => {
    const { log, logged } = logOf(started(0, false), step(4), checkpoint(4))
    takeEvents(log, logged)
    expect([stepsOf(log), log.remarks.length]).toEqual([[4], 2])
  })

  it('drops what lies beyond the checkpoint a run is resumed from, and keeps what is at it', () => {
    const { log } = logOf(
      started(0, false),
      step(5),
      step(10),
      epoch(1),
      step(15),
      step(20),
      epoch(2),
      step(23),
      started(10, true)
    )
    expect(stepsOf(log)).toEqual([5, 10])
    expect(log.epochs.map(point => point.epoch)).toEqual([1])
  })

  it('drops what a smaller step repeats', () => {
    const { log } = logOf(started(0, false), step(5), step(10, 3), epoch(1), step(15), step(10, 2), epoch(1))
    expect(log.steps.map(point => [point.step, point.loss])).toEqual([
      [5, 1],
      [10, 2]
    ])
    expect(log.epochs).toHaveLength(1)
  })

  it('begins anew where a run starts over', () => {
    const { log } = logOf(started(0, false), step(5), started(0, false))
    expect(stepsOf(log)).toEqual([])
  })

  it('keeps the last of several checkpoints and counts a film lost twice once', () => {
    const lost: TrainingEvent = { type: 'film-lost', filmId: FILM, message: 'gone' }
    const { log } = logOf(checkpoint(10), checkpoint(20), lost, checkpoint(30), lost)
    expect(log.remarks.map(({ event }) => (event.type === 'checkpoint' ? event.step : event.type))).toEqual([
      20,
      'film-lost',
      30,
      'film-lost'
    ])
    expect(log.lostFilmIds.size).toBe(1)
  })
})
