import { setImmediate as nextTurn } from 'node:timers/promises'
import type { AgreementSummary, ClassPairAgreement } from '../../../contract'
import { compareClassPair, comparePair, comparePanel, panelBy } from '../../agreement'
import { DIAGNOSES, type Diagnosis } from '../../domain'
import type { CoreContext } from '../core-context'
import type { Services } from '../services'
import { mrmcTable } from './mrmc'
import { filmsOf, findRater, gradedFilms, readPanel, type Panel } from './raters'

const CLASSES = DIAGNOSES.length
const SEED = 1
/** Class pairs shown beside the one that was asked for. */
const OTHER_PAIRS = 4

export function createAgreementService(core: CoreContext): Services['agreement'] {
  return {
    async summary({ protocol, classes, resamples }, { signal }) {
      const panel = await readPanel(core, protocol)
      const options = { resamples, seed: SEED }
      const readers = panel.sure.length
      const films = filmsOf(panel, panel.answers.slice(0, readers))
      const pairs: AgreementSummary['pairs'] = []
      for (let first = 0; first < panel.raters.length; first++) {
        for (let second = first + 1; second < panel.raters.length; second++) {
          // Label against model is evaluation, not agreement of readers.
          if (first >= readers) continue
          const found = comparePair(between(panel, first, second), CLASSES, options)
          const { films: common, percent, cohen, ac1 } = found
          if (common > 0) pairs.push({ first, second, films: common, percent, cohen, ac1 })
          await nextTurn()
          signal?.throwIfAborted()
        }
      }
      const intra: AgreementSummary['intra'] = []
      for (const [place, { name }] of panel.raters.slice(0, readers).entries()) {
        const again = panel.repeats.get(name)!
        if (again.size === 0) continue
        const twice = filmsOf(panel, [panel.answers[place]!, again])
        intra.push({ reader: name, agreement: comparePair(twice, CLASSES, options) })
        await nextTurn()
        signal?.throwIfAborted()
      }
      return {
        raters: panel.raters.map((rater, i) => ({ ...rater, films: panel.answers[i]!.size })),
        panel: comparePanel(films, CLASSES, options),
        classPairs: classPairs(panel, classes, options),
        bySite: panelBy(films, 'site', CLASSES, options),
        byGaBand: panelBy(films, 'gaBand', CLASSES, options),
        pairs,
        intra
      }
    },

    async pair({ protocol, first, second, resamples }) {
      const panel = await readPanel(core, protocol)
      const films = between(panel, findRater(panel, first), findRater(panel, second))
      return comparePair(films, CLASSES, { resamples, seed: SEED })
    },

    async films({ protocol, first, second, classes }) {
      const panel = await readPanel(core, protocol)
      const wanted = classes?.map(name => DIAGNOSES.indexOf(name))
      return between(panel, findRater(panel, first), findRater(panel, second))
        .filter(({ readings: [a, b] }) => {
          if (a === null || b === null) return false
          return wanted ? a === wanted[0] && b === wanted[1] : a !== b
        })
        .map(({ id }) => id)
    },

    async export({ protocol, positive, format }) {
      const panel = await readPanel(core, protocol)
      const fileName = `${protocol ?? 'readings'}-${positive}-${format}.${format === 'imrmc' ? 'imrmc' : 'csv'}`
      return { fileName: fileName.replace(/[^\p{L}\p{N}._-]+/gu, '-'), ...mrmcTable(panel, positive, format) }
    }
  }
}

const between = (panel: Panel, first: number, second: number) =>
  filmsOf(panel, [panel.answers[first]!, panel.answers[second]!])

/** The pair that was asked for, then those that readers took for one another most often. */
function classPairs(
  panel: Panel,
  asked: readonly [Diagnosis, Diagnosis],
  options: { resamples: number; seed: number }
): ClassPairAgreement[] {
  const [a, b] = asked.map(name => DIAGNOSES.indexOf(name)) as [number, number]
  const confused: { pair: [number, number]; films: number }[] = []
  const films = filmsOf(panel, panel.answers.slice(0, panel.sure.length))
  for (let first = 0; first < CLASSES; first++) {
    for (let second = first + 1; second < CLASSES; second++) {
      if ([a, b].includes(first) && [a, b].includes(second)) continue
      const both = films.filter(({ readings }) => readings.includes(first) && readings.includes(second))
      if (both.length > 0) confused.push({ pair: [first, second], films: both.length })
    }
  }
  confused.sort((x, y) => y.films - x.films)
  const pairs: [number, number][] = [[a, b], ...confused.slice(0, OTHER_PAIRS).map(({ pair }) => pair)]
  return pairs.map(pair => {
    const { first, second, ...found } = compareClassPair(gradedFilms(panel, pair), pair, options)
    return { classes: [DIAGNOSES[first]!, DIAGNOSES[second]!], ...found }
  })
}
