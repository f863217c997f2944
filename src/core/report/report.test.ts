import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import {
  cardBlocks,
  intervalChart,
  lineChart,
  loadFonts,
  matrixChart,
  outlines,
  toPng,
  toSvg,
  writePdf
} from '.'

const NOTICE = 'Research use only. Not for diagnosis.'
const FONTS = fileURLToPath(
  new URL('../../../node_modules/pretendard/dist/public/static/alternative', import.meta.url)
)
const chart = lineChart({
  title: 'A & <B>',
  xLabel: 'x',
  yLabel: 'y',
  yRange: [0, 1],
  diagonal: true,
  lines: [
    {
      label: '한국대병원',
      points: [
        [0, 0],
        [1, 1]
      ],
      band: [
        [0, 0, 0.1],
        [1, 0.9, 1]
      ],
      stroke: '#0072b2'
    }
  ]
})

describe('figures', () => {
  it('are SVG that says what it is for, whatever its titles hold', () => {
    const svg = toSvg(chart, NOTICE)
    expect(svg.match(/Research use only/g)).toHaveLength(2)
    expect(svg).toContain('<title>A &#38; &#60;B&#62;</title>')
    expect(svg).toContain('한국대병원')
    expect(svg).not.toContain('NaN')
  })

  it('draw a line from corner to corner of their axes', () => {
    const line = chart.shapes.find(shape => shape.kind === 'line' && shape.stroke === '#0072b2')
    const frame = { left: 40, right: 232, top: 22, bottom: 206 }
    expect(line).toMatchObject({
      points: [
        [frame.left, frame.bottom],
        [frame.right, frame.top]
      ]
    })
  })

  it('become pictures in which text needs no installed font', async () => {
    const outline = outlines(await loadFonts([FONTS]))
    const svg = toSvg(chart, NOTICE, outline)
    expect(svg).not.toContain('<text')
    expect(svg).toContain('<desc>Research use only. Not for diagnosis.</desc>')
    const { width, height } = await sharp(await toPng(chart, NOTICE, outline)).metadata()
    expect(width).toBeGreaterThan(600)
    expect(height).toBeGreaterThan(600)
  })

  it('shade a cell by its share of the row, and say so', () => {
    const counts = [
      [3, 1],
      [0, 0]
    ]
    const texts = (scale: 'row' | 'column') =>
      matrixChart({
        title: '',
        rowTitle: '',
        columnTitle: '',
        names: ['a', 'b'],
        counts,
        scale
      }).shapes.flatMap(shape => (shape.kind === 'text' && /\d|–/.test(shape.text) ? [shape.text] : []))
    expect(texts('row')).toEqual(['0.750', '0.250', '–', '–'])
    expect(texts('column')).toEqual(['1.000', '1.000', '0.000', '0.000'])
  })

  it('place an estimate within its interval', () => {
    const rows = [{ label: 'm', estimate: 0.5, low: 0.4, high: 0.7, mark: 0.9 }]
    const { shapes, width } = intervalChart({ title: '', xLabel: '', rows, markLabel: 'elsewhere' })
    const circle = shapes.find(shape => shape.kind === 'circle')!
    const whisker = shapes.find(shape => shape.kind === 'line' && shape.width === 1)
    const [from, to] = whisker?.kind === 'line' ? whisker.points.map(([x]) => x) : []
    expect(from).toBeLessThan(circle.x)
    expect(to).toBeGreaterThan(circle.x)
    expect(to).toBeLessThan(width)
  })
})

describe('a PDF', () => {
  it('embeds its fonts, breaks what does not fit on a page, and says what it is for', async () => {
    const rows = Array.from({ length: 120 }, (_, i) => [`row ${i}`, 'f'.repeat(200)])
    const pdf = await writePdf(
      {
        title: '보고서',
        subtitle: 'of a test',
        notice: NOTICE,
        createdAt: new Date(0),
        blocks: [
          { kind: 'heading', level: 1, text: 'Results' },
          { kind: 'figures', caption: 'two', drawings: [chart, chart] },
          {
            kind: 'table',
            caption: null,
            columns: [
              { title: 'a', width: 0.5 },
              { title: 'b', width: 0.5 }
            ],
            rows
          },
          { kind: 'list', items: ['one', 'two'] }
        ]
      },
      await loadFonts([join(FONTS, 'nowhere'), FONTS])
    )
    const text = pdf.toString('latin1')
    expect(text.startsWith('%PDF-')).toBe(true)
    expect(text.match(/\/Type \/Page\b/g)!.length).toBeGreaterThan(4)
    expect(text).toContain('(Research use only. Not for diagnosis.)')
    expect(text).toMatch(/\/FontFile2/)
    expect(text).not.toContain('Helvetica')
  })

  it('is not made without its fonts', async () => {
    await expect(loadFonts([join(FONTS, 'nowhere')])).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

it('a model card in Markdown becomes blocks', () => {
  const blocks = cardBlocks(
    '# Name\n\n> **notice**\n\n## Model\n\n|  |  |\n| --- | --- |\n| Hash | `ab` |\n\n- one\n- t\\*wo\n\nText'
  )
  expect(blocks.map(({ kind }) => kind)).toEqual(['heading', 'table', 'list', 'paragraph'])
  expect(blocks[1]).toMatchObject({ rows: [['Hash', 'ab']] })
  expect(blocks[2]).toEqual({ kind: 'list', items: ['one', 't*wo'] })
})
