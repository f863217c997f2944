/**
 * Out-of-fold label cleaning at the size of the largest published newborn series: five folds of gate + head on 43,338
 * pooled vectors with wrong labels planted among them, against one epoch of the same head by the trainer and one plain pass
 * over the vectors. Prints one line of JSON.
 *
 *   node --import tsx test/bench/queues/out-of-fold.ts [FILMS]
 */
import { performance } from 'node:perf_hooks'
import { createRandom } from '../../../src/core/foundation'
import { modelDefinition } from '../../../src/core/ml/models'
import { foldPredictions, type TrainingSet } from '../../../src/core/ml/trainer'
import { cleaningScore, groupedFolds } from '../../../src/core/review-queue'
import { createDrawnFeatures } from '../support/drawn-features'
import { SERIES_FILMS } from '../support/large-project'

const films = Number(process.argv[2] ?? SERIES_FILMS)
const CHANNELS = 2048
const CLASSES = 6
const WRONG = 0.03

const random = createRandom(1, 'bench')
const truth = Int32Array.from({ length: films }, () => random.integer(0, CLASSES - 1))
const wrong = Array.from({ length: films }, () => random.chance(WRONG))
const labels = truth.map((k, i) => (wrong[i] ? (k + 1 + (i % (CLASSES - 1))) % CLASSES : k))
const infants = Array.from({ length: films }, (_, i) => `infant ${Math.floor(i / 4)}`)
const pooled = new Float32Array(films * CHANNELS)
const draw = createDrawnFeatures({ classes: CLASSES, channels: CHANNELS })
for (let film = 0; film < films; film++) {
  draw(film, truth[film]!, pooled.subarray(film * CHANNELS, (film + 1) * CHANNELS))
}
const set: TrainingSet = {
  count: films,
  entry: 'pooled',
  label: film => labels[film]!,
  context: film => [Math.sin(film), Math.cos(film)],
  read: film => Promise.resolve(pooled.subarray(film * CHANNELS, (film + 1) * CHANNELS))
}

const start = performance.now()
const cpu = process.cpuUsage()
const definition = modelDefinition('ccgn')
const probabilities = await foldPredictions(definition, set, {
  folds: groupedFolds(infants, labels, 5, 1),
  seed: 1,
  provider: 'cpu',
  size: definition.defaultSize
})
const order = [...labels.keys()]
  .map(film => ({
    film,
    score: cleaningScore(probabilities.subarray(6 * film, 6 * film + 6), labels[film]!)
  }))
  .sort((a, b) => b.score - a.score)
const seconds = (performance.now() - start) / 1000
const { user, system } = process.cpuUsage(cpu)

const copyStart = performance.now()
new Float32Array(pooled.length).set(pooled)
const copySeconds = (performance.now() - copyStart) / 1000
const planted = wrong.filter(Boolean).length
const foundIn = (share: number) =>
  order.slice(0, Math.round(share * films)).filter(({ film }) => wrong[film]).length / planted
console.log(
  JSON.stringify({
    films,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    copySeconds,
    planted,
    found: { '3 %': foundIn(0.03), '5 %': foundIn(0.05), '10 %': foundIn(0.1) }
  })
)
