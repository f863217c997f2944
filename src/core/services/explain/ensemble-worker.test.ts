import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../test/support/temporary-folder'
import { createRandom } from '../../foundation'
import {
  calibrationScores,
  conformalSet,
  conformalThreshold,
  contextHead,
  ensembleAnswer,
  softmaxOf
} from '../../ml/explain'
import { headGraph, modelDefinition } from '../../ml/models'
import { parametersOf } from '../head-tensors'
import type { TrainQuestion } from '../training/train-client'
import { memberFile, type EnsembleOutcome } from './ensemble-client'
import { ensembleWorkerHandlers } from './ensemble-worker'

/** One pass of the whole: members fitted on simulated features, calibrated, and tried on infants that nobody has seen. */
const METHOD = 'ccgn-small'
const FITTED_INFANTS = 120
const CALIBRATION_INFANTS = 150
const NEW_INFANTS = 400
const MEMBERS = 4
const SCALE = { gaMeanDays: 0, gaSdDays: 1, bwMeanGrams: 0, bwSdGrams: 1 }
const graph = headGraph(modelDefinition(METHOD))
const { channels } = contextHead(
  graph,
  new Map(
    graph.parameters.map(p => [p.name, { ...p, data: new Float32Array(p.shape.reduce((a, b) => a * b, 1)) }])
  ) as never,
  SCALE
)

const random = createRandom(8, 'ensemble-test')
const centres = Array.from({ length: 6 }, () => Float32Array.from({ length: channels }, () => random.next()))
interface Film {
  infant: string
  label: number
  context: [number, number]
  pooled: Float32Array
}
/** Films of an infant are alike; classes overlap, so that nobody can always be right. */
function infantsFilms(infant: string): Film[] {
  const label = random.integer(0, 5)
  const own = centres[label]!.map(value => value + 0.8 * random.normal())
  const context: [number, number] = [random.normal() + 0.3 * label, random.normal()]
  return Array.from({ length: random.integer(1, 4) }, () => ({
    infant,
    label,
    context,
    pooled: own.map(value => Math.max(0, value + 0.1 * random.normal()))
  }))
}
const group = (name: string, infants: number) =>
  Array.from({ length: infants }, (_, i) => infantsFilms(`${name} ${i}`)).flat()
const fitted = group('fitted', FITTED_INFANTS)
const calibration = group('calibrated', CALIBRATION_INFANTS)
const films = [...fitted, ...calibration]

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let outcome: EnsembleOutcome
const shares: number[] = []

beforeAll(async () => {
  folder = await temporaryFolder('ensemble')
  outcome = await ensembleWorkerHandlers.fitEnsemble(
    {
      method: METHOD,
      size: 224,
      films: {
        ids: films.map((_, i) => `${i}`),
        labels: Int32Array.from(films, ({ label }) => label),
        contexts: Float32Array.from(films.flatMap(({ context }) => context)),
        teacher: null
      },
      fitted: fitted.length,
      infants: films.map(({ infant }) => infant),
      members: MEMBERS,
      seed: 1,
      folder: folder.path
    },
    {
      signal: new AbortController().signal,
      emit: (told: { done: number }) => shares.push(told.done),
      ask: async (question: Extract<TrainQuestion, { kind: 'pooled' }>) => {
        const piece = films.slice(question.from, question.to)
        const all = new Float32Array(piece.length * channels)
        piece.forEach(({ pooled }, i) => all.set(pooled, i * channels))
        // One film that could not be read.
        if (question.from === 0) all.fill(NaN, 0, channels)
        return all
      }
    } as never
  )
}, 60_000)
afterAll(() => folder.remove())

describe('ensemble of heads', () => {
  it('leaves out what has no features and says how far it is', () => {
    expect(outcome.fitted).toBe(fitted.length - 1)
    expect(outcome.calibration).toHaveLength(6 * calibration.length)
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    expect(shares.at(-1)).toBe(1)
  })

  it('disagrees, knows more than chance, and its sets cover films of new infants as stated', async () => {
    const members = await Promise.all(
      Array.from({ length: MEMBERS }, async (_, i) =>
        contextHead(graph, await parametersOf(graph, join(folder.path, memberFile(i))), SCALE)
      )
    )
    const answerOf = ({ pooled, context }: Film) =>
      ensembleAnswer(members.map(member => softmaxOf(member.logits(pooled, ...context))))
    const scores = calibrationScores(
      calibration.map(({ label, infant }, i) => ({
        probabilities: outcome.calibration.subarray(6 * i, 6 * i + 6),
        label,
        infant
      })),
      1
    )
    // What the members' files say is what was calibrated with.
    answerOf(calibration[0]!).mean.forEach((p, k) => expect(p).toBeCloseTo(outcome.calibration[k]!, 4))

    const fresh = Array.from({ length: NEW_INFANTS }, (_, i) => infantsFilms(`new ${i}`)[0]!)
    const answers = fresh.map(answerOf)
    const right = answers.filter(({ mean }, i) => mean.indexOf(Math.max(...mean)) === fresh[i]!.label).length
    expect(right / fresh.length).toBeGreaterThan(0.4)
    expect(answers.every(({ mutualInformation }) => mutualInformation > 0)).toBe(true)
    for (const coverage of [0.8, 0.9, 0.95]) {
      const threshold = conformalThreshold(scores, coverage)!
      const covered = answers.filter(({ mean }, i) => conformalSet(mean, threshold).includes(fresh[i]!.label))
      // One calibration of 150 infants and 400 trials: three standard errors of both together are 0.1 or less.
      expect(covered.length / fresh.length).toBeGreaterThan(coverage - 0.1)
      const sizes = answers.map(({ mean }) => conformalSet(mean, threshold).length)
      expect(Math.max(...sizes)).toBeGreaterThan(1)
    }
  })
})
