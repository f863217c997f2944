import { compile } from '../compile/compile.mjs'
import { setUpBrowsers } from './browsers.mjs'
import { softwareAdapter } from './webgpu.mjs'
import { closingLine, lintChecks, runChecks, runVitest, sum, typeChecks } from './stages.mjs'

/**
 * `npm test`: everything, in the order in which a failure is cheapest to learn of. Arguments name the stages to run;
 * none means all. A stage that fails does not stop the others, and the last line has the true totals: one for each
 * static check, the build and the set-up, and one for each test that vitest ran.
 */
const STAGES = ['setup', 'checks', 'build', 'unit', 'webgpu', 'contract', 'end-to-end']
const WINDOWED = ['contract', 'end-to-end']
const AFTER_SETUP = ['webgpu', ...WINDOWED]

const say = line => process.stdout.write(`${line}\n`)

async function main(asked) {
  const unknown = asked.filter(name => !STAGES.includes(name))
  if (unknown.length > 0) {
    say(`No stage ${unknown.join(', ')}; there are ${STAGES.join(', ')}.`)
    process.exit(2)
  }
  const wanted = new Set(asked.length > 0 ? asked : STAGES)
  if (AFTER_SETUP.some(name => wanted.has(name))) wanted.add('setup')
  if (WINDOWED.some(name => wanted.has(name))) wanted.add('build')
  const results = []
  const stage = async (name, work) => {
    if (!wanted.has(name)) return
    say(`\n== ${name}`)
    const started = Date.now()
    const counts = await work()
    say(`== ${name}: ${closingLine(counts)} (${((Date.now() - started) / 1000).toFixed(0)} s)`)
    results.push(counts)
  }

  let env = null
  await stage('setup', async () => {
    try {
      env = await setUpBrowsers(say)
      return { passed: 1, failed: 0, skipped: 0 }
    } catch (error) {
      say(error.message)
      return { passed: 0, failed: 1, skipped: 0 }
    }
  })
  await stage('checks', () => runChecks([...typeChecks, ...lintChecks], say))
  await stage('build', async () => {
    const built = compile()
    return { passed: built ? 1 : 0, failed: built ? 0 : 1, skipped: 0 }
  })
  await stage('unit', () => runVitest(['core', 'renderer', 'suites']))
  await stage('webgpu', async () => {
    const adapter = env && softwareAdapter(env)
    if (adapter) return runVitest(['webgpu'], { env: adapter })
    say(
      'Skipped: the training step on WebGPU. No adapter in software was found beside Chromium; see CONTRIBUTING.md.'
    )
    return { passed: 0, failed: 0, skipped: 1 }
  })
  for (const name of WINDOWED) {
    await stage(name, async () => {
      if (env) return runVitest([name], { windowed: true, env })
      say('Not run: the set-up failed.')
      return { passed: 0, failed: 1, skipped: 0 }
    })
  }

  const total = sum(results)
  say(`\n${closingLine(total)}`)
  process.exit(total.failed === 0 ? 0 : 1)
}

await main(process.argv.slice(2))
