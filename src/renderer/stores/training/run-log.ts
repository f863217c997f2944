import type { LoggedTrainingEvent, TrainingEvent } from '../../../contract'

type EventOf<Type extends TrainingEvent['type']> = Extract<TrainingEvent, { type: Type }>
export type StepPoint = EventOf<'step'>
export type EpochPoint = EventOf<'epoch'>

/** A line of the log that is no point of a curve. */
export interface Remark {
  seq: number
  at: string
  event: EventOf<'started' | 'film-lost' | 'smaller-batch' | 'checkpoint' | 'finished'>
}

/** What the events of a run have told so far. `takeEvents` changes it in place: long runs have 100,000s of steps. */
export interface RunLog {
  /** Of the last event taken; more are asked for after it. */
  seq: number
  provider: EventOf<'started'>['provider'] | null
  /** In order of their step, which never repeats. */
  steps: StepPoint[]
  epochs: EpochPoint[]
  /** Oldest first. Of checkpoints in a row only the last is kept. */
  remarks: Remark[]
  lostFilmIds: Set<string>
  finished: EventOf<'finished'> | null
}

export function emptyLog(): RunLog {
  return {
    seq: 0,
    provider: null,
    steps: [],
    epochs: [],
    remarks: [],
    lostFilmIds: new Set(),
    finished: null
  }
}

/**
 * Adds events in their order. Those already taken are passed over. Where a run goes on from a checkpoint that lies
 * before its last points, the points beyond it are dropped: those steps are done again.
 */
export function takeEvents(log: RunLog, events: readonly LoggedTrainingEvent[]): void {
  for (const { seq, at, event } of events) {
    if (seq <= log.seq) continue
    log.seq = seq
    if (event.type === 'step') {
      dropFrom(log, event.step)
      log.steps.push(event)
    } else if (event.type === 'epoch') {
      while ((log.epochs.at(-1)?.step ?? -1) >= event.step) log.epochs.pop()
      log.epochs.push(event)
    } else {
      if (event.type === 'started') {
        dropFrom(log, event.step + 1)
        log.provider = event.provider
      }
      if (event.type === 'film-lost') log.lostFilmIds.add(event.filmId)
      if (event.type === 'finished') log.finished = event
      if (event.type === 'checkpoint' && log.remarks.at(-1)?.event.type === 'checkpoint') log.remarks.pop()
      log.remarks.push({ seq, at, event })
    }
  }
}

/** Drops the points at `step` and beyond. */
function dropFrom(log: RunLog, step: number): void {
  while ((log.steps.at(-1)?.step ?? -1) >= step) log.steps.pop()
  while ((log.epochs.at(-1)?.step ?? -1) >= step) log.epochs.pop()
}
