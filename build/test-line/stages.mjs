import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '..', '..')
const reports = join(root, '.cache', 'test-reports')
const bin = name => join(root, 'node_modules', '.bin', name)

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

const ONE_PASSED = { passed: 1, failed: 0, skipped: 0 }
const ONE_FAILED = { passed: 0, failed: 1, skipped: 0 }

/**
 * One command that either passes or fails; counts as one test. Its output is shown when it fails.
 * @returns {Promise<Counts>}
 */
export async function check(name, command, args, say) {
  const started = Date.now()
  const { status, output } = await run(command, args, { quiet: true })
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  say(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`)
  if (status !== 0) say(output)
  return status === 0 ? ONE_PASSED : ONE_FAILED
}

export const typeChecks = [
  ['types: core', bin('tsc'), ['-p', 'tsconfig.core.json']],
  ['types: hosts', bin('tsc'), ['-p', 'tsconfig.hosts.json']],
  ['types: renderer', bin('vue-tsc'), ['-p', 'tsconfig.renderer.json']],
  ['types: tests', bin('tsc'), ['-p', 'tsconfig.test.json']]
]

export const lintChecks = [
  ['lint', bin('eslint'), ['.', '--max-warnings', '0']],
  ['format', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
  ['boundaries', bin('depcruise'), ['--config', 'build/boundaries/dependency-cruiser.config.mjs', 'src']]
]

/** Runs checks two at a time. @returns {Promise<Counts>} */
export async function runChecks(checks, say) {
  const waiting = [...checks]
  const counts = []
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) counts.push(await check(...next, say))
  }
  await Promise.all([worker(), worker()])
  return sum(counts)
}

/**
 * Runs vitest projects; under Xvfb where a window is needed.
 * @returns {Promise<Counts>} what vitest's own report counts, and one failure more for whatever failed outside a test
 */
export async function runVitest(projects, { windowed = false, env = {} } = {}) {
  mkdirSync(reports, { recursive: true })
  const report = join(reports, `${projects.join('-')}.json`)
  rmSync(report, { force: true })
  const vitest = [
    bin('vitest'),
    'run',
    ...projects.flatMap(project => ['--project', project]),
    ...(windowed ? ['--no-file-parallelism'] : []),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`
  ]
  const needsXvfb = windowed && process.platform === 'linux'
  const [command, ...args] = needsXvfb
    ? ['xvfb-run', '-a', '-s', '-screen 0 1920x1200x24', ...vitest]
    : vitest
  const { status } = await run(command, args, { quiet: false, env })
  const counts = readReport(report)
  // A run that says it failed while every test passed: unhandled errors, or no report at all.
  if (status !== 0 && counts.failed === 0) counts.failed = 1
  return counts
}

function readReport(file) {
  let report
  try {
    report = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { ...ONE_FAILED }
  }
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some(result => result.status === 'failed')
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests
  }
}

/** @param {Counts[]} all */
export function sum(all) {
  const total = { passed: 0, failed: 0, skipped: 0 }
  for (const counts of all) for (const key of Object.keys(total)) total[key] += counts[key]
  return total
}

/** 'N passed, N failed', and ', N skipped' where there are any. */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

function run(command, args, { quiet, env = {} }) {
  return new Promise(settle => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit']
    })
    const parts = []
    child.stdout?.on('data', part => parts.push(part))
    child.stderr?.on('data', part => parts.push(part))
    child.on('error', error => settle({ status: 1, output: error.message }))
    child.on('close', status =>
      settle({ status: status ?? 1, output: Buffer.concat(parts).toString('utf8') })
    )
  })
}
