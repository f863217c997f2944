/**
 * Makes resources/demo-model/, the small CCGN that is shipped: trained by NeoGate's own engine on a synthetic cohort other
 * than the demo project's. Takes some ten minutes on two cores.
 *
 *     node --import tsx build/demo-training/train-demo-model.ts
 *
 * The same seed gives the same weights on the same kind of CPU; another kind may round otherwise.
 */
/* eslint-disable no-console -- a script: what it prints is its result */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DIAGNOSES } from '../../src/contract'
import { accuracy, confusionMatrix, macroAuroc, macroF1 } from '../../src/core/ml/metrics'
import { openDemoStudy } from './demo-study'

/** No infant of the demo project, which has seed 1, is in it. */
const COHORT = { infants: 260, seed: 7001, coarser: 2 }

const OPTIONS = {
  method: 'ccgn-small',
  scope: 'all',
  preset: 'paper',
  name: 'Demo (trained on synthetic films)',
  size: 160,
  seed: 1,
  provider: 'cpu',
  hyperparameters: {
    epochs: 18,
    filmsPerStep: 16,
    batch: 16,
    learningRate: 1e-3,
    warmUpSteps: 50,
    cosine: true,
    patience: 8,
    labelSmoothing: 0.05,
    checkpointSteps: 1000
  }
} as const

const folder = await mkdtemp(join(tmpdir(), 'neogate-demo-model-'))
try {
  const study = await openDemoStudy({ folder, ...COHORT })
  try {
    const modelId = await study.train(OPTIONS, event => {
      if (event.type === 'epoch') console.log(JSON.stringify(event))
    })
    const probabilities: number[] = []
    for (const film of study.testFilms)
      probabilities.push(...(await study.predict(film, modelId)).probabilities)
    const truth = study.testFilms.map(film => DIAGNOSES.indexOf(film.truth))
    const predicted = truth.map((_, i) => {
      const row = probabilities.slice(i * DIAGNOSES.length, (i + 1) * DIAGNOSES.length)
      return row.indexOf(Math.max(...row))
    })
    const matrix = confusionMatrix(truth, predicted, DIAGNOSES.length)
    console.log(`${truth.length} test films against what was drawn:`)
    console.log(
      `accuracy ${accuracy(matrix)}, macro F1 ${macroF1(matrix)}, ` +
        `macro-AUROC ${macroAuroc(truth, Float32Array.from(probabilities), DIAGNOSES.length)}`
    )
    console.table(
      Object.fromEntries(
        matrix.map((row, k) => [DIAGNOSES[k], Object.fromEntries(row.map((n, j) => [DIAGNOSES[j], n]))])
      )
    )
    // Asked for first: the project lists the shipped model, which is gone for a moment.
    const made = await study.folderOf(modelId)
    const shipped = fileURLToPath(new URL('../../resources/demo-model', import.meta.url))
    await rm(shipped, { recursive: true, force: true })
    await cp(made, shipped, { recursive: true })
  } finally {
    await study.close()
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
