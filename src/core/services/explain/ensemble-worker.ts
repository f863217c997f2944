import { join } from 'node:path'
import { createRandom, NeoGateError, type ChildHandlers } from '../../foundation'
import { entryShape, modelDefinition } from '../../ml/models'
import { fitHead } from '../../ml/trainer'
import { writeSafetensors } from '../../ml/weights'
import { pooledSet } from '../training/film-source'
import {
  memberFile,
  type EnsembleOutcome,
  type EnsembleProgress,
  type EnsembleRequest
} from './ensemble-client'

/** Part of the child of role 'train'. */
export const ensembleWorkerHandlers = {
  /** Each member has a seed of its own and is fitted on infants drawn with replacement. */
  async fitEnsemble(request: EnsembleRequest, { signal, emit, ask }): Promise<EnsembleOutcome> {
    const { films, infants, members, seed, size, folder } = request
    const definition = modelDefinition(request.method)
    const channels = entryShape(definition, 'pooled', size)[0]!
    const set = await pooledSet(films, 'train', ask, channels)
    const present: boolean[] = []
    for (let film = 0; film < set.count; film++) present.push(!Number.isNaN((await set.read(film))[0]))

    const places = [...present.keys()].filter(film => present[film])
    const ofInfant = new Map<string, number[]>()
    for (const film of places.filter(place => place < request.fitted)) {
      const known = ofInfant.get(infants[film]!)
      if (known) known.push(film)
      else ofInfant.set(infants[film]!, [film])
    }
    const held = places.filter(place => place >= request.fitted)
    const calibration = new Float32Array((set.count - request.fitted) * definition.classes).fill(NaN)
    for (const film of held) calibration.fill(0, ...rowOf(film))

    const drawn = [...ofInfant.values()]
    for (let member = 0; member < members; member++) {
      const random = createRandom(seed, `bootstrap/${member}`)
      const sample = drawn.flatMap(() => random.pick(drawn))
      const head = await fitHead(definition, set, sample, {
        seed: seed + member,
        provider: 'cpu',
        size,
        onProgress: done => tell({ done: (member + done) / members })
      })
      await writeSafetensors(join(folder, memberFile(member)), head.weights)
      const answers = await head.predict(held)
      held.forEach((film, i) => {
        const [from] = rowOf(film)
        for (let k = 0; k < definition.classes; k++) {
          calibration[from + k]! += answers[i * definition.classes + k]! / members
        }
      })
    }
    return { calibration, fitted: places.length - held.length }

    function rowOf(film: number): [from: number, to: number] {
      const row = film - request.fitted
      return [row * definition.classes, (row + 1) * definition.classes]
    }

    async function tell(progress: EnsembleProgress): Promise<void> {
      emit(progress)
      // Without a pause no message, such as the one that cancels, would arrive.
      await new Promise(resolve => setImmediate(resolve))
      if (signal.aborted) throw new NeoGateError('CANCELLED', 'The fitting was stopped.')
    }
  }
} satisfies ChildHandlers
