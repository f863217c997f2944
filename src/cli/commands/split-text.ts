import type { SplitCheck, SplitInfo, SplitTable, SplitWarning } from '../../contract'
import { fields, table } from '../output'

/** Films per class and site on each side, then the sums. */
export function sideTable({ rows, films, infants }: SplitTable): string {
  const filled = rows.filter(row => row.train + row.validation + row.test > 0)
  return table(
    ['CLASS', 'SITE', 'TRAIN', 'VALIDATION', 'TEST'],
    [
      ...filled.map(row => [row.label, row.site || '-', row.train, row.validation, row.test]),
      ['Films', '', films.train, films.validation, films.test],
      ['Infants', '', infants.train, infants.validation, infants.test]
    ]
  )
}

export function describeExclusions({ candidates, excluded, context }: SplitInfo['report']): string {
  return fields([
    ['Films looked at', candidates],
    ['Without a label', excluded.unlabelled],
    ['Label of no class', excluded['unknown-class']],
    ['Not readable', excluded.unreadable],
    ['GA/BW implausible', excluded['implausible-context']],
    ['In, with GA and BW', context.complete],
    ['In, without GA', context.withoutGa],
    ['In, without BW', context.withoutBw],
    ['In, without both', context.withoutBoth]
  ])
}

export function describeWarning({ code, diagnosis, side, count }: SplitWarning): string {
  switch (code) {
    case 'class-without-films':
      return `no film has the class ${diagnosis}.`
    case 'class-missing-on-side':
      return `${side} has no film of the class ${diagnosis}; it cannot be judged there.`
    case 'few-films':
      return `${side} has ${count} films only; numbers from it mean little.`
    case 'linked-infants':
      return `${count} infants share a film with another one; such infants were kept on one side.`
    case 'linked-apart':
      return `${count} infants on different sides of the extended split share a film: it leaks.`
    case 'films-dropped':
      return `${count} films of the extended split cannot be used any more.`
    case 'films-changed-side':
      return `${count} films belong to an infant of another side than in the extended split.`
  }
}

const LEAKS = {
  infant: 'films of one infant',
  fingerprint: 'equal files',
  pixels: 'equal pictures'
} as const

/** Empty where nothing leaks. */
export function describeLeaks({ leaks, leakCount }: SplitCheck): string {
  if (leakCount === 0) return ''
  const rows = leaks.map(({ kind, sides, filmIds }) => [LEAKS[kind], sides.join(', '), filmIds.join(' ')])
  const more = leakCount > leaks.length ? `\n... and ${leakCount - leaks.length} more` : ''
  return `${table(['LEAK', 'SIDES', 'FILMS'], rows)}${more}`
}

export function describeDrift({ drift, suspicions }: SplitCheck): string {
  return fields([
    ['Relabelled since', drift.relabelled],
    ['Label taken away since', drift.unlabelled],
    ['Not readable now', drift.unreadable],
    ['GA/BW implausible now', drift.implausible],
    ['Of another infant now', drift.moved],
    ['New films of its infants', drift.added],
    ['New films of other infants', drift.unassigned],
    ['Shared SOP Instance UIDs across sides', suspicions.instanceUids],
    ['Look-alike infants across sides', suspicions.infants]
  ])
}
