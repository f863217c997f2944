/**
 * Runs one bench in a process of its own and passes the other arguments on; without a name, lists the benches.
 *
 *   npm run bench -- NAME [ARGUMENTS]
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const BENCHES: Record<string, { file: string; about: string }> = {
  index: {
    file: 'film-index.ts',
    about: 'headers of many DICOM files against dcmdump and plain reading [--full | N]'
  },
  decode: {
    file: 'film-decoding.ts',
    about: 'decoding per transfer syntax against dcmtk and gdcm; model inputs [ROUNDS]'
  },
  'first-start': { file: 'first-start.ts', about: 'the demo drawn, imported and predicted; Linux' },
  studies: { file: 'studies.ts', about: 'filter, sort and facets of the Studies table [FILMS]' },
  screens: {
    file: 'screens.ts',
    about: 'next film, scrolling, opening and memory in Chromium; needs a build [FILMS]'
  },
  'reading-memory': {
    file: 'reading-memory.ts',
    about: 'memory of all processes over 2,000 films read in a row; needs a build, Linux [FILMS]'
  },
  'window-drag': {
    file: 'window-drag.ts',
    about: 'frames of a window/level drag, and our own time in each; needs a build [SECONDS]'
  },
  'lung-mask': { file: 'lung-mask.ts', about: 'agreement of the lung mask with outlined lungs [FOLDER]' },
  queues: {
    file: 'queues/demo-truth.ts',
    about:
      'planted errors of a synthetic cohort that the review queues find, against an order by lot [INFANTS [SEED]]'
  },
  'queues-size': { file: 'queues/at-size.ts', about: 'counts, pages and order of the review queues [FILMS]' },
  'out-of-fold': {
    file: 'queues/out-of-fold.ts',
    about: 'cross-validated label cleaning over kept features [FILMS]'
  },
  'series-jobs': {
    file: 'queues/series-jobs.ts',
    about: 'an ensemble and the review scores of a whole series, as jobs; Linux [FILMS] [--only NAME]'
  },
  registration: {
    file: 'registration.ts',
    about: 'films of one infant laid on each other, against where they were drawn [PAIRS]'
  },
  label: {
    file: 'reading/label.ts',
    about: 'key press to acknowledged label in Chromium; needs a build [FILMS] [PRESSES]'
  },
  'what-if': {
    file: 'reading/what-if.ts',
    about: 'slider to bars of another prediction in Chromium; needs a build [MOVES]'
  },
  splits: { file: 'splits.ts', about: 'making, reading and checking a split by infant [INFANTS]' },
  train: {
    file: 'train.ts',
    about: 'training steps against PyTorch [--rounds N] [--threads N] [--only PART] [--methods] [--grow]'
  },
  inference: { file: 'inference.ts', about: 'the model child against bare onnxruntime [ROUNDS]' },
  explain: {
    file: 'explain.ts',
    about: 'nearest films, surface over GA and BW and its frames; needs a build [FILMS] [--no-page]'
  },
  evaluation: {
    file: 'evaluation.ts',
    about: 'a full evaluation against scikit-learn; from a cell to its films [--films N --resamples N]'
  },
  'demo-methods': {
    file: 'demo-methods.ts',
    about: 'CCGN against other methods on a synthetic cohort, trained here [--seeds N --epochs N]'
  },
  'training-host': {
    file: 'training-host.ts',
    about: 'event-loop delay of the host and film input while a child trains [--size N --method M]'
  }
}

const [name, ...rest] = process.argv.slice(2)
const bench = name !== undefined && Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined
if (bench) {
  const file = fileURLToPath(new URL(bench.file, import.meta.url))
  const { status, error } = spawnSync(process.execPath, ['--import', 'tsx', file, ...rest], {
    stdio: 'inherit'
  })
  if (error) throw error
  process.exitCode = status ?? 1
} else {
  if (name !== undefined) console.error(`There is no bench '${name}'.`)
  console.log('npm run bench -- NAME [ARGUMENTS], NAME being one of')
  for (const [known, { about }] of Object.entries(BENCHES)) console.log(`  ${known.padEnd(16)}${about}`)
  process.exitCode = name === undefined ? 0 : 2
}
