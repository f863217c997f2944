import { serveChild, type ChildHandlers, type ChildRole } from '../foundation'

/**
 * Entry of every child process, under child_process.fork and under Electron's utilityProcess alike. The role is the
 * last argument; only that role's libraries are loaded.
 */
async function handlersOf(role: ChildRole): Promise<ChildHandlers> {
  if (role === 'model') {
    const [{ modelWorkerHandlers }, { explainWorkerHandlers }] = await Promise.all([
      import('./model-worker'),
      import('./explain/explain-worker')
    ])
    return { ...modelWorkerHandlers, ...explainWorkerHandlers }
  }
  if (role === 'train') {
    const [{ trainWorkerHandlers }, { scoreWorkerHandlers }, { ensembleWorkerHandlers }] = await Promise.all([
      import('./training/train-worker'),
      import('./review/score-worker'),
      import('./explain/ensemble-worker')
    ])
    return { ...trainWorkerHandlers, ...scoreWorkerHandlers, ...ensembleWorkerHandlers }
  }
  const [{ filmWorkerHandlers }, { demoWorkerHandlers }] = await Promise.all([
    import('./film-worker'),
    import('./demo-worker')
  ])
  return { ...filmWorkerHandlers, ...demoWorkerHandlers }
}

void handlersOf(process.argv.at(-1) as ChildRole).then(serveChild)
