import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COLUMN_ALIASES, foldColumn } from './column-aliases'
import { profileColumns } from './column-profile'
import type { TableMapping } from './mapping'
import { openTable } from './open-table'
import { readRow, type TableRow } from './read-row'
import type { TableRecord } from './record'
import { suggestMapping } from './suggest-mapping'
import { indexTable } from './table-index'

let folder: string
let count = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neogate-tables-'))
})
afterAll(() => rm(folder, { recursive: true }))

const noTree = { listJsonFiles: () => Promise.reject(new Error('not a tree')) }

async function put(content: string | Uint8Array, name = `${count++}.csv`): Promise<string> {
  const path = join(folder, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
  return path
}

async function read(content: string | Uint8Array) {
  const table = await openTable(await put(content), noTree)
  const records: TableRecord[] = []
  for await (const record of table.records()) records.push(record)
  return { table, records }
}

const hex = (text: string) => Buffer.from(text.replace(/\s+/g, ''), 'hex')
const refusal = (reason: string) => ({ code: 'TABLE_REFUSED', detail: { reason } })

describe('encodings', () => {
  // 'id,진단\n1,정상\n' in each; the bytes of CP949 as in the KS X 1001 tables.
  const cp949 = hex('69642c c1f8 b4dc 0a 312c c1a4 bbf3 0a')
  const utf8 = Buffer.from('id,진단\n1,정상\n', 'utf8')
  const utf16le = Buffer.from('id,진단\n1,정상\n', 'utf16le')
  const utf16be = Buffer.from(utf16le).swap16()

  it.each([
    ['utf-8', utf8],
    ['utf-8', Buffer.from('id,진단\r\n1,정상\r\n', 'utf8')],
    ['utf-8-bom', Buffer.concat([hex('efbbbf'), utf8])],
    ['utf-16le', Buffer.concat([hex('fffe'), utf16le])],
    ['utf-16be', Buffer.concat([hex('feff'), utf16be])],
    ['utf-16le', Buffer.from('id,label\n1,정상\n', 'utf16le')],
    ['utf-16be', Buffer.from('id,label\n1,정상\n', 'utf16le').swap16()]
  ])('%s', async (encoding, bytes) => {
    const { table, records } = await read(bytes)
    expect(table.encoding).toBe(encoding)
    expect(records).toHaveLength(1)
    expect([...records[0]!.cells.values()]).toEqual(['1', '정상'])
  })

  it('cp949', async () => {
    const { table, records } = await read(cp949)
    expect(table.encoding).toBe('cp949')
    expect(table.header![1]!.codePointAt(0)).toBe(0xc9c4)
    expect([...records[0]!.cells.values()]).toEqual(['1', '정상'])
  })

  it.each([
    [
      'Latin-1 text, which CP949 would turn into Chinese characters',
      Buffer.from('id,name\n1,Gr\xf6\xdfe\n', 'latin1'),
      'undecodable'
    ],
    ['a byte that no encoding has', Buffer.concat([cp949, hex('ff ff 0a')]), 'undecodable'],
    ['UTF-8 cut within a character', utf8.subarray(0, 5), 'undecodable'],
    ['UTF-16 of an odd length', Buffer.concat([hex('fffe'), utf16le, hex('41')]), 'undecodable'],
    ['a lone surrogate', Buffer.concat([hex('fffe 00d8'), utf16le]), 'undecodable'],
    ['a spreadsheet', Buffer.concat([hex('504b0304'), Buffer.alloc(50)]), 'spreadsheet-file'],
    ['an old spreadsheet', Buffer.concat([hex('d0cf11e0'), Buffer.alloc(50)]), 'spreadsheet-file'],
    ['binary data', Buffer.from('a,b\n1,\0\0\n'), 'binary-file'],
    ['an empty file', Buffer.alloc(0), 'no-header'],
    ['blank lines', Buffer.from('\n\n  \n'), 'no-header'],
    ['a header alone', Buffer.from('a,b\n'), 'no-rows']
  ])('refuses %s', async (_, bytes, reason) => {
    await expect(read(bytes)).rejects.toMatchObject(refusal(reason))
  })

  it('names the line that cannot be decoded', async () => {
    const bytes = Buffer.concat([Buffer.from('a,b\n1,2\n3,'), hex('ff ff'), Buffer.from('\n')])
    await expect(read(bytes)).rejects.toThrow(/line 3/)
  })
})

describe('delimited tables', () => {
  it.each([
    [',', 'a,b,c\n1,2,3\n'],
    [';', 'a;b;c\n1,5;2;3\n'],
    ['\t', 'a\tb\tc\n1, 2\t3\t4\n'],
    ['|', 'a|b|c\n1|2|3\n']
  ])('finds the delimiter %j', async (delimiter, text) => {
    const { table, records } = await read(text)
    expect(table.delimiter).toBe(delimiter)
    expect(records[0]!.cells.size).toBe(3)
  })

  it('keeps quoted delimiters, quotes and line breaks, and counts lines', async () => {
    const { records } = await read('a,b\r\n"1,5","say ""hi"""\r\n\r\n"two\r\nlines",x\r\nlast,y')
    expect(records.map(record => [record.line, ...record.cells.values()])).toEqual([
      [2, '1,5', 'say "hi"'],
      [4, 'two\nlines', 'x'],
      [6, 'last', 'y']
    ])
  })

  it('marks ragged rows and open quotes by line, and lets empty surplus cells pass', async () => {
    const { records } = await read('a,b\n1\n1,2,\n1,2,3\n1,"2\n3,4\n')
    expect(records.map(record => [record.line, record.problem?.reason ?? null])).toEqual([
      [2, 'row-ragged'],
      [3, null],
      [4, 'row-ragged'],
      [5, 'row-quotes']
    ])
  })

  it('tells apart columns without and with the same name', async () => {
    const { table } = await read(' a ,,a\n1,2,3\n')
    expect(table.header).toEqual(['a', 'column 2', 'a (2)'])
  })

  it.each([0, 3])('loses no row and counts lines over many slices, every row of %i quoted', async every => {
    const quoted = (i: number) => every > 0 && i % every === 0
    const rows = Array.from({ length: 9000 }, (_, i) => (quoted(i) ? `${i},"x\ny"` : `${i},x`))
    const { records } = await read(`id,v\n${rows.join('\n')}`)
    expect(records).toHaveLength(9000)
    let line = 2
    for (const [i, record] of records.entries()) {
      expect(record.line).toBe(line)
      expect(record.cells.get('id')).toBe(String(i))
      line += quoted(i) ? 2 : 1
    }
  })
})

describe('JSON tables', () => {
  it.each([
    ['a list', '[{"a":{"b":1,"c":[true,null]}},{"a":{"b":2}}]'],
    ['a list in an object', '{"version":1,"data":[{"a":{"b":1,"c":[true]}},{"a":{"b":2}}]}'],
    ['lines', '{"a":{"b":1,"c":[true]}}\n{"a":{"b":2}}\n']
  ])('reads %s', async (_, text) => {
    const { table, records } = await read(text)
    expect(table.format).toBe('json')
    expect(records.map(record => [...record.cells])).toEqual([
      [
        ['a.b', '1'],
        ['a.c.0', 'true']
      ],
      [['a.b', '2']]
    ])
  })

  it('reads an object of objects by key, and reports items that are none', async () => {
    const keyed = await read('{"P1":{"ga":"29+3"},"P2":{"ga":"30+0"}}')
    expect(keyed.records.map(record => record.cells.get('@key'))).toEqual(['P1', 'P2'])
    const mixed = await read('[{"a":1},7]')
    expect(mixed.records.map(record => record.problem?.reason ?? null)).toEqual([null, 'json-unreadable'])
  })

  it.each([
    ['{"a":', 'json-unreadable'],
    ['[1,2]', 'json-not-a-table'],
    ['{"a":[{"x":1}],"b":[{"y":1}]}', 'json-not-a-table']
  ])('refuses %s', async (text, reason) => {
    await expect(read(text)).rejects.toMatchObject(refusal(reason))
  })

  it('does not let one row grow without end', async () => {
    const polygon = JSON.stringify(Array.from({ length: 5000 }, (_, i) => [i, i]))
    const wide = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`k${i}`, i]))
    const deep = `${'{"x":'.repeat(200)}1${'}'.repeat(200)}`
    const { records } = await read(`[{"id":1,"polygon":${polygon}},${JSON.stringify(wide)},${deep}]`)
    expect([...records[0]!.cells.keys()]).toEqual(['id'])
    expect(records[1]!.cells.size).toBe(500)
    expect(records[2]!.cells.size).toBe(0)
  })

  it('refuses tables over the size limit before reading them', async () => {
    const csv = await put('a,b\n1,2\n')
    const json = await put('[{"a":1}]')
    const sizeLimits = { delimited: 8, json: 4 }
    await expect(openTable(csv, { ...noTree, sizeLimits })).resolves.toBeDefined()
    await expect(
      openTable(json, { ...noTree, sizeLimits: { delimited: 100, json: 4 } })
    ).rejects.toMatchObject(refusal('table-too-large'))
    await expect(openTable(json, { ...noTree, sizeLimits })).rejects.toMatchObject(refusal('table-too-large'))
    await expect(openTable(join(folder, 'none.csv'), noTree)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('reads a tree of label files, reporting those that are broken', async () => {
    await put('{"진단":"RDS"}', 'tree/a/1.json')
    await put('{"진단":', 'tree/a/2.json')
    await put('[1]', 'tree/b/3.json')
    const listJsonFiles = () => Promise.resolve(['a/1.json', 'a/2.json', 'b/3.json'])
    const table = await openTable(join(folder, 'tree'), { listJsonFiles })
    const records: TableRecord[] = []
    for await (const record of table.records()) records.push(record)
    expect(
      records.map(({ line, cells, problem }) => [line, cells.get('@path'), problem?.reason ?? null])
    ).toEqual([
      [1, 'a/1.json', null],
      [2, 'a/2.json', 'json-unreadable'],
      [3, 'b/3.json', 'json-unreadable']
    ])
  })
})

const mapping: TableMapping = {
  columns: { imageKey: 'file', patientKey: 'id', ga: 'ga', bw: 'bw', label: 'dx', sex: 'sex' },
  imageKeyKind: 'path',
  gaUnit: 'weeks+days',
  bwUnit: 'g',
  labels: { rds: 'RDS', unknown: 'Normal' },
  sexes: { '1': 'M' },
  defaultSite: null
}
const row = (cells: Record<string, string>, line = 2): TableRow =>
  readRow({ line, cells: new Map(Object.entries(cells)), problem: null }, mapping)

describe('readRow', () => {
  it('refuses the value and keeps the row', () => {
    const read = row({ file: 'a.png', id: 'P1', ga: '29+8', bw: '1250', dx: 'RDS', sex: '3' })
    expect(read).toMatchObject({ usable: true, gaDays: null, bwGrams: 1250, label: 'RDS', sex: null })
    expect(read.problems.map(({ reason, field }) => [reason, field])).toEqual([
      ['ga-unreadable', 'ga'],
      ['sex-unknown', 'sex']
    ])
  })

  it('refuses the row for a formula in a bound column, a missing key and an endless cell', () => {
    expect(row({ file: 'a.png', ga: '=29+3' })).toMatchObject({
      usable: false,
      problems: [{ reason: 'formula-cell' }]
    })
    expect(row({ file: 'a.png', note: '=1' }).usable).toBe(true)
    expect(row({ id: 'P1' })).toMatchObject({
      usable: false,
      problems: [{ reason: 'key-missing', field: 'file' }]
    })
    expect(row({ file: 'x'.repeat(5000) }).problems[0]!.reason).toBe('cell-too-long')
  })

  it('lets the mapping decide before "unknown" counts as missing, and is not fooled by property names', () => {
    expect(row({ file: 'a', dx: 'Unknown' }).label).toBe('Normal')
    expect(row({ file: 'a', dx: '' })).toMatchObject({ label: null, problems: [] })
    expect(row({ file: 'a', dx: 'constructor' }).problems[0]!.reason).toBe('label-unknown')
  })
})

describe('indexTable', () => {
  const film = (path: string, sopInstanceUid: string | null = null) => ({ path, sopInstanceUid })

  it('finds films by path, name, stem and UID, in any Unicode form and case', () => {
    const find = (
      kind: TableMapping['imageKeyKind'],
      cell: string,
      path: string,
      uid: string | null = null
    ) =>
      indexTable([row({ file: cell })], { ...mapping, imageKeyKind: kind }, '/data/study', null).rowOf(
        film(path, uid),
        null,
        null
      ) !== null
    expect(find('path', 'h1\\A.PNG', 'h1/a.png')).toBe(true)
    expect(find('path', './h1/a.png', 'h1/a.png')).toBe(true)
    expect(find('path', '/data/study/h1/a.png', 'h1/a.png')).toBe(true)
    expect(find('path', 'a.png', 'h1/a.png')).toBe(false)
    expect(find('path', '영상/가.png'.normalize('NFD'), '영상/가.png')).toBe(true)
    expect(find('name', 'x/a.png', 'h1/a.png')).toBe(true)
    expect(find('stem', 'a', 'h1/a.png')).toBe(true)
    expect(find('stem', 'a.dcm', 'h1/a.png')).toBe(true)
    expect(find('stem', '1.2.3', 'h1/1.2.3.dcm')).toBe(true)
    expect(find('sop-instance-uid', '1.2.3', 'x', '1.2.3')).toBe(true)
    expect(find('sop-instance-uid', '1.2.3', 'x', null)).toBe(false)
  })

  it('uses equal rows once and rows that differ not at all', () => {
    const rows = [
      row({ file: 'a', ga: '29+3' }, 2),
      row({ file: 'A', ga: '29w3d' }, 3),
      row({ file: 'b', ga: '29+3' }, 4),
      row({ file: 'b', ga: '30+3' }, 5)
    ]
    const index = indexTable(rows, mapping, '/data', null)
    expect(index.rowOf(film('a'), null, null)?.line).toBe(2)
    expect(index.rowOf(film('b'), null, null)).toBeNull()
    expect(index.duplicates.map(({ row: { line }, problem }) => [line, problem.reason])).toEqual([
      [3, 'duplicate-key'],
      [4, 'duplicate-key'],
      [5, 'duplicate-key']
    ])
  })

  it('finds infants by key and site, and by key alone only where that cannot be another infant', () => {
    const infants: TableMapping = { ...mapping, columns: { patientKey: 'id', site: 'hospital', ga: 'ga' } }
    const infant = (line: number, id: string, hospital: string) =>
      readRow({ line, cells: new Map(Object.entries({ id, hospital, ga: '30+0' })), problem: null }, infants)
    const index = indexTable(
      [infant(2, '1', 'A'), infant(3, '1', 'B'), infant(4, '2', 'A')],
      infants,
      '/d',
      null
    )
    const line = (key: string, site: string | null) => index.rowOf(film('x'), key, site)?.line ?? null
    expect(line('1', 'a')).toBe(2)
    expect(line('1', 'B')).toBe(3)
    expect(line('1', null)).toBeNull()
    expect(line('2', null)).toBe(4)
    expect(line('2', 'B')).toBeNull()
    expect(line('2', 'Hospital A, Radiology')).toBe(4)
  })
})

async function suggest(text: string, films: string[] | null = null) {
  const table = await openTable(await put(text), noTree)
  const { columns, rowCount } = await profileColumns(table)
  const place = films && { folder: '/data', films: films.map(path => ({ path, sopInstanceUid: null })) }
  return { rowCount, ...suggestMapping(columns, place, null) }
}

describe('suggestMapping', () => {
  it('has no column name that means two fields', () => {
    const names = Object.values(COLUMN_ALIASES).flatMap(list => [...new Set(list.map(foldColumn))])
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  it('knows the columns of the Korean Neonatal Network', async () => {
    const { mapping: suggested, questions } = await suggest(
      'id,image,gaw,gawd,bwei,sex,dx\nA,a.png,29,3,1250,1,RDS\nB,b.png,30,0,1300,2,TTN\nC,c.png,31,1,1400,3,pneumonia\n'
    )
    expect(suggested).toMatchObject({
      columns: {
        imageKey: 'image',
        patientKey: 'id',
        gaWeeks: 'gaw',
        gaExtraDays: 'gawd',
        bw: 'bwei',
        sex: 'sex',
        label: 'dx'
      },
      imageKeyKind: 'name',
      bwUnit: 'g',
      labels: { rds: 'RDS', ttn: 'TTN' },
      sexes: { '1': 'M', '2': 'F' }
    })
    expect(questions).toEqual([
      { field: 'label', reason: 'value-unknown', detail: 'pneumonia' },
      { field: 'sex', reason: 'value-unknown', detail: '3' }
    ])
  })

  it('knows Korean columns, dotted columns and days', async () => {
    const korean = await suggest('환자번호,파일명,재태주수,출생체중,성별,진단\n1,a,29주 3일,1.25,남,정상\n')
    expect(korean.mapping).toMatchObject({
      columns: {
        patientKey: '환자번호',
        imageKey: '파일명',
        ga: '재태주수',
        bw: '출생체중',
        sex: '성별',
        label: '진단'
      },
      bwUnit: 'kg',
      labels: { 정상: 'Normal' }
    })
    const json = await suggest('[{"file":"a","info":{"gad":206,"bwei":1250}}]')
    expect(json.mapping).toMatchObject({ columns: { ga: 'info.gad', bw: 'info.bwei' }, gaUnit: 'days' })
  })

  it('finds the column that names the films of the folder, whatever it is called', async () => {
    const films = ['h1/x1.dcm', 'h1/x2.dcm', 'h2/x3.dcm']
    const { mapping: suggested } = await suggest('file,key\n1.png,x1\n2.png,x2\n3.png,x3\n', films)
    expect(suggested).toMatchObject({ columns: { imageKey: 'key' }, imageKeyKind: 'stem' })
    const none = await suggest('file,n\nq1.png,1\nq2.png,2\n', films)
    expect(none.questions).toContainEqual({
      field: 'imageKey',
      reason: 'key-rarely-matches',
      detail: 'file: 0 %'
    })
  })

  it('asks where values do not settle the unit', async () => {
    const asked = async (column: string, cells: string[]) =>
      (await suggest(`file,${column}\n${cells.map((cell, i) => `${i},"${cell}"`).join('\n')}`)).questions
        .filter(question => ['ga', 'bw'].includes(question.field) && question.reason !== 'no-column')
        .map(question => question.reason)
    expect(await asked('ga', ['29.3', '30.1'])).toEqual(['unit-ambiguous'])
    expect(await asked('ga', ['29.3', '30.7'])).toEqual([])
    expect(
      await asked(
        'ga',
        Array.from({ length: 30 }, (_, i) => `${28 + (i % 5)}.${i % 7}`)
      )
    ).toEqual([])
    expect(await asked('ga', ['29.43', '206'])).toEqual(['unit-mixed'])
    expect(await asked('bw', ['1250', '1.3'])).toEqual(['unit-mixed'])
    expect(await asked('bw', ['1,250', '0.98'])).toEqual([])
  })

  it('asks for a key where no column is one', async () => {
    const { mapping: suggested, questions } = await suggest('x,y\n1,2\n')
    expect(suggested.columns).toEqual({})
    expect(questions.map(question => question.reason)).toEqual([
      'no-key',
      'no-column',
      'no-column',
      'no-column'
    ])
  })
})
