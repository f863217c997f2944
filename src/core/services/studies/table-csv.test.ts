import { describe, expect, it } from 'vitest'
import type { FilmRow } from '../../../contract'
import { tableCsv } from './table-csv'

const row = (id: string, changes: Partial<FilmRow>) => ({ id, missing: false, ...changes }) as FilmRow
const rows = new Map(
  [
    row('a', { patientKey: '=cmd|calc', path: 'ward "1", 2/나.dcm', gaDays: 210, confidence: 0.25 }),
    row('b', { patientKey: '-5', path: '', gaDays: null, confidence: null, missing: true })
  ].map(film => [film.id, film])
)
const rowsOf = (ids: string[]) => Promise.resolve(ids.map(id => rows.get(id)!))

describe('the table as CSV', () => {
  it('keeps numbers numbers, guards formulas, quotes, and says on every line what it is for', async () => {
    const notice = 'Research use only. Not for diagnosis.'
    const columns = ['patientKey', 'path', 'gaDays', 'confidence', 'missing'] as const
    expect(await tableCsv(rowsOf, ['b', 'a'], columns)).toBe(
      [
        '\ufefffilmId,patientKey,path,gaDays,confidence,missing,notice',
        `b,'-5,,,,yes,${notice}`,
        `a,'=cmd|calc,"ward ""1"", 2/나.dcm",210,0.25,no,${notice}`,
        ''
      ].join('\r\n')
    )
  })
})
