/**
 * CCGN against the image alone, early fusion and the controls on a synthetic cohort in which TTN and RDS overlap on the film
 * and part by gestational age and birth weight: trained by NeoGate, on several seeds.
 *
 *   npm run bench -- demo-methods [--seeds 3] [--infants 200] [--size 96] [--epochs 20]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compareMethods } from '../../build/demo-training/compare-methods'
import { openDemoStudy } from '../../build/demo-training/demo-study'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '3' },
    infants: { type: 'string', default: '200' },
    size: { type: 'string', default: '96' },
    epochs: { type: 'string', default: '20' }
  }
})
const METHODS = [
  'ccgn-small',
  'resnet50-small',
  'early-fusion-small',
  'late-fusion-small',
  'context-mlp'
] as const

const folder = await mkdtemp(join(tmpdir(), 'neogate-demo-methods-'))
const study = await openDemoStudy({ folder, infants: Number(values.infants), seed: 31, coarser: 4 })
try {
  console.log(
    `${study.testFilms.length} test films of ${new Set(study.testFilms.map(({ patientId }) => patientId)).size} infants, ` +
      `${values.size} pixels, ${values.epochs} epochs, ${availableParallelism()} cores`
  )
  console.log('seed  method              macro-AUROC   ccgn-small less it [95 % interval, infants resampled]')
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    const { macroAuroc, difference } = await compareMethods(
      study,
      METHODS,
      {
        scope: 'all',
        preset: 'paper',
        size: Number(values.size),
        provider: 'cpu',
        hyperparameters: {
          epochs: Number(values.epochs),
          filmsPerStep: 16,
          batch: 16,
          learningRate: 1e-3,
          warmUpSteps: 20,
          cosine: true,
          patience: null,
          checkpointSteps: 100_000
        }
      },
      { seed, resamples: 2000 }
    )
    for (const method of METHODS) {
      const interval = difference[method]
      const text = interval
        ? `${interval.estimate.toFixed(4)} [${interval.low.toFixed(4)}, ${interval.high.toFixed(4)}]`
        : ''
      console.log(
        `${String(seed).padEnd(6)}${method.padEnd(20)}${(macroAuroc[method] ?? NaN).toFixed(4).padEnd(14)}${text}`
      )
    }
  }
} finally {
  await study.close()
  await rm(folder, { recursive: true, force: true })
}
