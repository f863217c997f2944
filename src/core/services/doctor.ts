import { access, constants, mkdir } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import { toError } from '../foundation'
import { readModelFolder } from '../model-registry'
import type { CoreContext } from './core-context'
import { filmWorker } from './film-worker'
import { shippedModelFolder } from './project-models'
import type { Services } from './services'

type Findings = Awaited<ReturnType<Services['tools']['doctor']>>
type Check = Findings['checks'][number]

/** What this machine has, and whether each part that may be missing or broken works. */
export async function examineMachine(core: CoreContext): Promise<Findings> {
  const { info, inference } = core
  let providers: Findings['providers'] = []
  const checks = [
    await check('film worker', async () => {
      // A file that cannot exist: the answer shows that the child started and its decoders loaded.
      const { reason } = await filmWorker(core.films).inspect(join(core.resourcesFolder, 'no-such-film'))
      return `started; answers '${reason ?? 'accepted'}' for a missing file`
    }),
    await check('model worker', async () => {
      providers = await inference.providers()
      const working = providers.filter(({ available }) => available).map(({ id }) => id)
      if (!working.includes('cpu')) throw new Error('the CPU provider did not pass its self-test')
      return `started; ${working.join(', ')} passed`
    }),
    await check('shipped model', async () => {
      const { card } = await readModelFolder(shippedModelFolder(core.resourcesFolder))
      return `${card.name}, ${card.size} x ${card.size}, ${card.trained ? 'trained' : 'untrained'}`
    }),
    await check('user folder', async () => {
      await mkdir(core.userFolder, { recursive: true })
      await access(core.userFolder, constants.W_OK)
      return `writable: ${core.userFolder}`
    })
  ]
  return {
    version: info.version,
    node: info.runtime.node,
    onnxruntime: info.runtime.onnxruntime,
    platform: `${process.platform} ${process.arch}`,
    cpus: availableParallelism(),
    memoryBytes: totalmem(),
    providers,
    checks
  }
}

async function check(name: string, examine: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, detail: await examine() }
  } catch (thrown) {
    return { name, ok: false, detail: toError(thrown).message }
  }
}
