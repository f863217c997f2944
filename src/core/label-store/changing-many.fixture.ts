/** Child of kill.test: changes all films at once, or takes that back, and kills itself on the way. */
import { systemClock } from '../foundation'
import { openProjectDatabase } from '../database'
import { createLabelStore } from './label-store'
import { changeOfAll, stateOf } from './test-project.fixture'

const [folder, way, killAfter] = process.argv.slice(2)
const database = await openProjectDatabase({ folder: folder!, mode: 'open' })
const labels = createLabelStore(database, systemClock, stateOf)
let looks = 0
const signal = {
  get aborted() {
    if (++looks > Number(killAfter)) process.kill(process.pid, 'SIGKILL')
    return false
  }
} as AbortSignal
if (way === 'undo') await labels.undo('Kim', { signal })
else await labels.changeMany(await changeOfAll(database, labels), { signal })
