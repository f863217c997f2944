import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Papa from 'papaparse'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FilmHeader } from '../domain'
import { contentId, silentLogger, systemClock } from '../foundation'
import { patientIdOf } from '../study-store'
import { guardCell, unguardCell } from './csv-cells'
import { exportLabels, importLabels, NOTICE } from './label-exchange'
import { openProjectSession, type OpenSession } from './project-session'

let folder: string
let sessions: OpenSession[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neogate-exchange-'))
  sessions = []
})
afterEach(async () => {
  for (const session of sessions) await session.close()
  await rm(folder, { recursive: true, force: true })
})

const PATIENT = '=cmd|calc'
const TAGS = ['pneumothorax:left', 'cardiomegaly', 'ett:too-low']
const COMMENT = '-Linie, "Tubus"\nzweite Zeile'

async function project(name: string): Promise<OpenSession> {
  const session = await openProjectSession({
    folder: join(folder, name),
    target: { mode: 'create', name },
    clock: systemClock,
    logger: silentLogger
  })
  sessions.push(session)
  await session.studies.registerFilms(
    ['a', 'b'].map(fingerprint => ({
      id: contentId('film', fingerprint),
      root: '/data',
      path: `병동/${fingerprint}.dcm`,
      rawPath: null,
      patientKey: PATIENT,
      site: "'Seoul",
      header: { format: 'dicom' } as FilmHeader,
      byteSize: 1,
      modifiedAt: '2024-01-01T00:00:00.000Z',
      fingerprint,
      filmTime: null,
      birthTime: null,
      sex: null,
      viewPosition: null
    }))
  )
  return session
}

const filmA = contentId('film', 'a')
const infant = patientIdOf("'Seoul", PATIENT)

async function labelled(): Promise<OpenSession> {
  const session = await project('from')
  const value = { diagnosis: 'TTN', certainty: 'unsure', comment: COMMENT } as const
  await session.labels.setLabel({ filmId: filmA, value, revision: 0, reader: '@Kim' })
  await session.labels.setContext({
    patientId: infant,
    value: { gaDays: 206, bwGrams: 1250, sex: 'F' },
    revision: 1,
    reader: 'Kim',
    reason: ''
  })
  await session.labels.setTags({ filmId: filmA, tags: TAGS, revision: 2, reader: 'Kim' })
  return session
}

describe('label exchange', () => {
  it.each(['csv', 'json'] as const)('carries labels and contexts to another project (%s)', async format => {
    const from = await labelled()
    const out = join(folder, `labels.${format}`)
    expect(await exportLabels(from, { out, format }, systemClock.timestamp())).toEqual({ out, rows: 2 })
    const to = await project('to')
    expect(await importLabels(to, out)).toEqual({ applied: 3, unchanged: 1, refused: [] })
    const detail = await to.studies.detail(filmA)
    expect(detail.label).toEqual({ diagnosis: 'TTN', certainty: 'unsure', comment: COMMENT })
    expect(detail.row).toMatchObject({
      gaDays: 206,
      bwGrams: 1250,
      sex: 'F',
      tags: TAGS,
      taggedBy: `import: labels.${format}`,
      labelledBy: `import: labels.${format}`
    })
    expect(await importLabels(to, out)).toEqual({ applied: 0, unchanged: 2, refused: [] })
    expect(await to.labels.verify()).toMatchObject({ intact: true, entries: 3 })
  })

  it('writes a CSV that any reader takes, with the notice on every line and no cell that runs as a formula', async () => {
    const out = join(folder, 'labels.csv')
    await exportLabels(await labelled(), { out, format: 'csv' }, systemClock.timestamp())
    const text = await readFile(out, 'utf8')
    expect(text.charCodeAt(0)).toBe(0xfeff)
    const { data, errors } = Papa.parse<Record<string, string>>(text.slice(1), {
      header: true,
      skipEmptyLines: true
    })
    expect(errors).toEqual([])
    expect(data).toHaveLength(2)
    for (const row of data) {
      expect(row.notice).toBe(NOTICE)
      for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
    }
    const row = data.find(({ filmId }) => filmId === filmA)!
    expect(row).toMatchObject({
      patientKey: `'${PATIENT}`,
      site: "''Seoul",
      comment: `'${COMMENT}`,
      gaDays: '206',
      findings: 'pneumothorax:left; cardiomegaly',
      devices: 'ett:too-low'
    })
  })

  it('writes the notice and the seal of the history into the JSON', async () => {
    const from = await labelled()
    const out = join(folder, 'labels.json')
    await exportLabels(from, { out, format: 'json' }, '2024-05-05T00:00:00.000Z')
    const content = JSON.parse(await readFile(out, 'utf8'))
    expect(content).toMatchObject({ notice: NOTICE, project: 'from', history: await from.labels.seal() })
    expect(content.history.seq).toBe(3)
  })

  it('reports what it cannot apply and applies the rest', async () => {
    const to = await project('to')
    const filmB = contentId('film', 'b')
    await to.labels.setLabel({
      filmId: filmA,
      value: { diagnosis: 'Normal', certainty: 'sure', comment: '' },
      revision: 0,
      reader: 'Lee'
    })
    const file = join(folder, 'edited.csv')
    const lines = [
      'filmId,label,gaDays,bwGrams,devices',
      `${filmA},RDS,206,,`,
      `${filmB},TTN,206,1250,`,
      `${filmB.slice(1)}a,TTN,,,`,
      `${filmB},Pneumonia,,,`,
      `${filmB},,29,,`,
      `${filmB},,,,ett:sideways`,
      // A cell was lost: what is left may stand in the wrong columns.
      `${filmB},,,1900`
    ]
    await writeFile(file, lines.join('\n'))
    const { applied, refused } = await importLabels(to, file)
    expect(applied).toBe(2)
    expect(refused.map(({ line, reason }) => [line, reason])).toEqual([
      [2, 'set-by-reader'],
      [4, 'unknown-film'],
      [5, 'not-valid'],
      [6, 'not-valid'],
      [7, 'not-valid'],
      [8, 'row-broken']
    ])
    const rows = await to.studies.rows([filmA, filmB])
    expect(rows.map(row => [row.label, row.gaDays, row.bwGrams])).toEqual([
      ['Normal', 206, 1250],
      ['TTN', 206, 1250]
    ])
  })

  it.each([
    ['other.csv', 'image,diagnosis\n1.dcm,RDS\n'],
    ['other.json', '[1, 2]'],
    ['broken.json', '{ "films": [']
  ])('refuses %s, which no export is', async (name, text) => {
    const to = await project('to')
    await writeFile(join(folder, name), text)
    await expect(importLabels(to, join(folder, name))).rejects.toMatchObject({
      code: 'TABLE_REFUSED',
      detail: { file: join(folder, name), field: 'filmId' }
    })
  })
})

it.each(['=1+1', '+1', '-1', '@x', '\tx', "'quoted", "''", 'plain', '', '3-4'])(
  'guards %j both ways',
  text => {
    expect(guardCell(text)).not.toMatch(/^[=+\-@\t\r]/)
    expect(unguardCell(guardCell(text))).toBe(text)
  }
)
