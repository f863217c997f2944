/** Run by killed-experiment.test.ts in a process of its own, which it kills: an experiment in a project. */
import { experimentOptions } from '../../src/contract'
import { openTestCore } from '../support/test-core'

const [folder, options] = process.argv.slice(2) as [string, string]
const { client } = await openTestCore(folder)
const { id } = await client.experiments.start(experimentOptions.parse(JSON.parse(options)))
for await (const job of await client.jobs.watch({ id })) {
  const { parts } = await client.experiments.get({ id })
  process.stdout.write(`${JSON.stringify({ id, parts, done: job.progress.done })}\n`)
}
