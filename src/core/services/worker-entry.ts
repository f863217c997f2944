import { serveChild, type ChildRole } from '../foundation'

/**
 * Entry of every child process, under child_process.fork and under Electron's utilityProcess alike. The role is the
 * last argument; only that role's libraries are loaded.
 */
async function main(role: ChildRole): Promise<void> {
  if (role === 'film') serveChild((await import('./film-worker')).filmWorkerHandlers)
  else serveChild((await import('./model-worker')).modelWorkerHandlers)
}

void main(process.argv.at(-1) as ChildRole)
