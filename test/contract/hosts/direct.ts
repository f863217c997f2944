import { createRouterClient } from '@orpc/server'
import type { ContractRouterClient } from '@orpc/contract'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { Contract } from '../../../src/contract'
import { createCore, forkChild, silentLogger } from '../../../src/core/create-core'
import { built, root } from '../../support/built'
import type { StartHost } from './host'

/** In this process, as the terminal's commands call it. */
export const startDirect: StartHost = async userFolder => {
  const core = await createCore({
    host: 'cli',
    shell: 'terminal',
    spawnChild: forkChild(built('main/worker.cjs')),
    resourcesFolder: join(root, 'resources'),
    screensFolder: null,
    userFolder,
    logger: silentLogger
  })
  return {
    kind: 'cli',
    client: createRouterClient(core.router, { context: {} }) as ContractRouterClient<Contract>,
    async get(path) {
      const { status, headers, body } = await core.get(path)
      return {
        status,
        contentType: headers['Content-Type'] ?? '',
        body: body instanceof Uint8Array ? body : await buffer(body)
      }
    },
    close: () => core.close()
  }
}
