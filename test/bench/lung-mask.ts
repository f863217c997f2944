/**
 * How well the lung mask agrees with masks that people outlined on adults' films, and with the drawer's own lungs.
 *
 *   node --import tsx test/bench/lung-mask.ts [FOLDER]
 *
 * FOLDER (or NEOGATE_LUNG_MASKS) holds one folder per set, each with cxr/NAME.png and mask/NAME.png or mask/NAME_mask.png
 * (white is lung). Weights were set by hand while looking at every third film of the Montgomery and Shenzhen sets: those
 * are left out here. The template's shape was drawn by hand after the mean shape of 60 masks of each and of drawn lungs.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join, parse } from 'node:path'
import sharp from 'sharp'
import { decodeFilm } from '../../src/core/dicom-intake'
import type { StoredFilm } from '../../src/core/domain'
import { bodyPercentiles, findLungs } from '../../src/core/image-preprocessing'
import { dice, maskPixels } from '../golden/lung-mask/dice'
import { drawnLungs } from '../golden/lung-mask/drawn-films'
import { percentile } from './support/measure'

interface Outcome {
  /** Null where no mask was given. */
  dice: number | null
  /** Processor time for the mask alone. */
  ms: number
}

function judge(film: StoredFilm, truth: Uint8Array): Outcome {
  const body = bodyPercentiles(film)
  const before = process.cpuUsage()
  const { mask } = findLungs(film, body)
  const { user, system } = process.cpuUsage(before)
  const score = mask && dice(maskPixels(mask, film.rows, film.columns), truth)
  return { dice: score, ms: (user + system) / 1000 }
}

function report(name: string, outcomes: readonly Outcome[]): void {
  const scores = outcomes.flatMap(outcome => outcome.dice ?? [])
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
  const at = (share: number) => percentile(scores, share).toFixed(3)
  console.log(
    `${name.padEnd(24)} films ${String(outcomes.length).padStart(4)}  without mask ${outcomes.length - scores.length}  ` +
      `Dice mean ${mean.toFixed(3)}  p5 ${at(0.05)}  p50 ${at(0.5)}  p95 ${at(0.95)}  ` +
      `processor ms p50 ${percentile(
        outcomes.map(({ ms }) => ms),
        0.5
      ).toFixed(0)}`
  )
}

async function judgeSet(folder: string): Promise<Outcome[]> {
  const masks = new Map(
    readdirSync(join(folder, 'mask')).map(file => [parse(file).name.replace(/_mask$/, ''), file])
  )
  const outcomes: Outcome[] = []
  for (const [index, file] of readdirSync(join(folder, 'cxr')).sort().entries()) {
    const mask = masks.get(parse(file).name)
    if (index % 3 === 0 || !mask) continue
    const film = await decodeFilm(join(folder, 'cxr', file))
    const truth = await sharp(join(folder, 'mask', mask))
      .resize(film.columns, film.rows, { fit: 'fill', kernel: 'nearest' })
      .greyscale()
      .threshold(128)
      .raw()
      .toBuffer()
    outcomes.push(judge(film, truth))
  }
  return outcomes
}

report(
  'drawn newborns',
  [...drawnLungs(80, 41)].map(({ film, truth }) => judge(film, truth))
)
const folder = process.argv[2] ?? process.env.NEOGATE_LUNG_MASKS
if (folder && existsSync(folder)) {
  for (const set of readdirSync(folder).sort()) report(set, await judgeSet(join(folder, set)))
} else {
  console.warn(
    'SKIPPED: name a folder of films with lung masks, or set NEOGATE_LUNG_MASKS, to judge by real films.'
  )
}
