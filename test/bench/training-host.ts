/**
 * What a training run leaves of the host: delay of its event loop, which screens and predictions go through, while the child
 * trains; and how fast films come in, decoded as they are needed (first epoch) against kept in memory (later ones).
 *
 *   npm run bench -- training-host [--size 224] [--method ccgn-small] [--epochs 4]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { openDemoStudy } from '../../build/demo-training/demo-study'

const LIMIT_MS = 20

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '224' },
    method: { type: 'string', default: 'ccgn-small' },
    epochs: { type: 'string', default: '4' }
  }
})

const folder = await mkdtemp(join(tmpdir(), 'neogate-training-host-'))
const study = await openDemoStudy({ folder, infants: 36, seed: 5, coarser: 2 })
try {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const epochs: { films: number; seconds: number }[] = []
  let films = 0
  let since = performance.now()
  await study.train(
    {
      method: values.method,
      scope: 'all',
      preset: 'paper',
      size: Number(values.size),
      provider: 'cpu',
      hyperparameters: { epochs: Number(values.epochs), filmsPerStep: 8, batch: 8, checkpointSteps: 5 }
    },
    event => {
      if (event.type === 'started') {
        delay.enable()
        since = performance.now()
      } else if (event.type === 'step') films = 8 * (event.step - event.epoch * event.stepsPerEpoch)
      else if (event.type === 'epoch') {
        epochs.push({ films, seconds: (performance.now() - since) / 1000 })
        since = performance.now()
      }
    }
  )
  delay.disable()
  const p99 = delay.percentile(99) / 1e6
  console.log(`${values.method} at ${values.size} pixels, 8 films a step, ${availableParallelism()} cores`)
  console.log(
    `host's event loop while the child trains: delay p50 ${(delay.percentile(50) / 1e6).toFixed(1)} ms, ` +
      `p99 ${p99.toFixed(1)} ms (target < ${LIMIT_MS}), longest ${(delay.max / 1e6).toFixed(1)} ms`
  )
  const rate = ({ films: count, seconds }: (typeof epochs)[number]) => count / seconds
  const first = rate(epochs[0]!)
  const later = Math.max(...epochs.slice(1).map(rate))
  console.log(
    `films/s, validation included: ${first.toFixed(1)} decoded as needed, ${later.toFixed(1)} kept in memory ` +
      `(ratio ${(first / later).toFixed(2)})`
  )
} finally {
  await study.close()
  await rm(folder, { recursive: true, force: true })
}
