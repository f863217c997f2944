import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compareMethods } from '../../build/demo-training/compare-methods'
import { openDemoStudy } from '../../build/demo-training/demo-study'

/**
 * The whole way of a user: films drawn, imported, split by infant, three methods trained on two seeds, and held against
 * each other on the locked test films. The cohort is small, so its intervals are wide: they are printed as they come, and
 * only what a small cohort can show is demanded. `npm run bench -- demo-methods` does the same on a larger one.
 */
describe('methods on the demo cohort', () => {
  it(
    'are trained in the app, and gestational age and birth weight are worth something',
    { timeout: 900_000 },
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'neogate-demo-methods-'))
      const study = await openDemoStudy({ folder, infants: 90, seed: 31, coarser: 8 })
      try {
        for (const seed of [1, 2]) {
          const losses: number[] = []
          const { macroAuroc, difference } = await compareMethods(
            study,
            ['ccgn-small', 'resnet50-small', 'early-fusion-small'],
            {
              scope: 'all',
              preset: 'paper',
              size: 64,
              provider: 'cpu',
              hyperparameters: {
                epochs: 12,
                filmsPerStep: 16,
                batch: 16,
                learningRate: 1e-3,
                warmUpSteps: 10,
                cosine: true,
                patience: null,
                checkpointSteps: 10_000
              }
            },
            {
              seed,
              resamples: 1000,
              onEvent(method, event) {
                if (method === 'ccgn-small' && event.type === 'epoch') losses.push(event.trainingLoss)
              }
            }
          )
          console.log(`seed ${seed}, ${study.testFilms.length} test films: macro-AUROC`, macroAuroc)
          console.log('  ccgn-small less the other, 95 % interval over infants:', difference)
          expect(losses.at(-1)!).toBeLessThan(0.8 * losses[0]!)
          expect(macroAuroc['ccgn-small']).toBeGreaterThan(0.65)
          expect(difference['resnet50-small']!.high).toBeGreaterThan(0)
        }
      } finally {
        await study.close()
        await rm(folder, { recursive: true, force: true })
      }
    }
  )
})
