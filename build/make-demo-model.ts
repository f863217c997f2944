/**
 * Makes resources/demo-model/, the small CCGN that is shipped: untrained, every weight from a seed.
 *
 *     node --import tsx build/make-demo-model.ts
 */
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { buildModel } from '../src/core/services/model-building'

/** All that decides the bytes of the shipped folder. */
export const DEMO_MODEL = {
  method: 'ccgn-small',
  size: 160,
  seed: 1,
  init: null,
  name: 'Demo (untrained)',
  createdAt: '2025-01-01T00:00:00.000Z'
}

export const DEMO_MODEL_FOLDER = fileURLToPath(new URL('../resources/demo-model', import.meta.url))

export async function makeDemoModel(out: string): Promise<void> {
  await buildModel({ ...DEMO_MODEL, out })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await rm(DEMO_MODEL_FOLDER, { recursive: true, force: true })
  await makeDemoModel(DEMO_MODEL_FOLDER)
}
