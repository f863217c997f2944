import { DIAGNOSES, type Diagnosis } from '../../domain'
import { csvLine } from '../csv-cells'
import { NOTICE } from '../label-exchange'
import type { Panel } from './raters'

/** 1 surely not, 2 perhaps not, 3 perhaps, 4 surely the class. */
function ratingOf(given: number, sure: boolean, positive: number): number {
  return given === positive ? (sure ? 4 : 3) : sure ? 1 : 2
}

/**
 * Readings as multi-reader multi-case programs take them, films without a label left out since they have no truth.
 * imrmc: what iMRMC (FDA/DIDSR) reads, rows of readerID, caseID, modalityID, score under a line BEGIN DATA; the truth as reader
 * -1. mrmcaov: one row per reading with reader, test, case, truth and rating, for R's MRMCaov.
 */
export function mrmcTable(
  panel: Panel,
  positive: Diagnosis,
  format: 'imrmc' | 'mrmcaov'
): { text: string; readers: number; films: number } {
  const target = DIAGNOSES.indexOf(positive)
  const readers = panel.raters.filter(({ kind }) => kind === 'reader').map(({ name }) => name)
  const cases = panel.rows.filter(({ label }) => label !== null)
  const readings = cases.flatMap(({ id, label }) =>
    readers.flatMap((reader, place) => {
      const given = panel.answers[place]!.get(id)
      if (given === undefined) return []
      const rating = ratingOf(given, panel.sure[place]!.get(id) === true, target)
      return [{ reader, id, truth: Number(label === positive), rating }]
    })
  )
  const read = new Set(readings.map(({ id }) => id))
  const counts = { readers: readers.length, films: read.size }
  if (format === 'mrmcaov') {
    const lines = readings.map(({ reader, id, truth, rating }) =>
      csvLine([reader, 'unaided', id, truth, rating])
    )
    return { text: `${['reader,test,case,truth,rating', ...lines].join('\n')}\n`, ...counts }
  }
  const truths = cases
    .filter(({ id }) => read.has(id))
    .map(({ id, label }) => csvLine([-1, id, 0, Number(label === positive)]))
  const scores = readings.map(({ reader, id, rating }) => csvLine([reader, id, 'unaided', rating]))
  const header = [
    `${positive} against the rest. ${NOTICE}`,
    `NR: ${counts.readers}`,
    `N0: ${truths.filter(line => line.endsWith(',0')).length}`,
    `N1: ${truths.filter(line => line.endsWith(',1')).length}`,
    'NM: 1',
    '',
    'BEGIN DATA:'
  ]
  return { text: `${[...header, ...truths, ...scores].join('\n')}\n`, ...counts }
}
