import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { DEMO_MODEL_FOLDER, makeDemoModel } from './make-demo-model'

it('makes exactly the demo model that is shipped', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'neogate-demo-model-'))
  try {
    const out = join(folder, 'demo-model')
    await makeDemoModel(out)
    for (const name of ['model.json', 'weights.safetensors']) {
      const made = await readFile(join(out, name))
      const shipped = await readFile(join(DEMO_MODEL_FOLDER, name))
      expect(made.equals(shipped), `${name}: run build/make-demo-model.ts and commit what it writes`).toBe(
        true
      )
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
