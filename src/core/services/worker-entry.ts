import { serveChild, type ChildHandlers, type ChildRole } from '../foundation'

/**
 * Entry of every child process, under child_process.fork and under Electron's utilityProcess alike. The role is the
 * last argument; only that role's libraries are loaded.
 */
async function handlersOf(role: ChildRole): Promise<ChildHandlers> {
  if (role === 'model') return (await import('./model-worker')).modelWorkerHandlers
  if (role === 'train') {
    const [{ trainWorkerHandlers }, { scoreWorkerHandlers }] = await Promise.all([
      import('./training/train-worker'),
      import('./review/score-worker')
    ])
    return { ...trainWorkerHandlers, ...scoreWorkerHandlers }
  }
  const [{ filmWorkerHandlers }, { demoWorkerHandlers }] = await Promise.all([
    import('./film-worker'),
    import('./demo-worker')
  ])
  return { ...filmWorkerHandlers, ...demoWorkerHandlers }
}

void handlersOf(process.argv.at(-1) as ChildRole).then(serveChild)
