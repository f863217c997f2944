import PDFDocument from 'pdfkit'
import type { Block, Column } from './blocks'
import { INK, MUTED, RULE, type Drawing, type Shape } from './drawing'
import type { Fonts } from './fonts'

export interface PdfContent {
  title: string
  subtitle: string
  /** Stands on every page. */
  notice: string
  blocks: Block[]
  createdAt: Date
}

const PAGE = { width: 595.28, height: 841.89 }
const MARGIN = { side: 48, top: 56, bottom: 56 }
const WIDTH = PAGE.width - 2 * MARGIN.side
const BOTTOM = PAGE.height - MARGIN.bottom
const CELL = { padding: 3, size: 8 }
const GAP = 10

type Pdf = PDFKit.PDFDocument

/** Sets a document on A4 pages. Everything in it is text and vectors; fonts are embedded as far as they are used. */
export async function writePdf(content: PdfContent, fonts: Fonts): Promise<Buffer> {
  const { title, subtitle, notice, blocks, createdAt } = content
  const pdf: Pdf = new PDFDocument({
    size: 'A4',
    margins: { left: MARGIN.side, right: MARGIN.side, top: MARGIN.top, bottom: 0 },
    // Without this pdfkit would begin with a font that it has not embedded.
    font: null as unknown as string,
    bufferPages: true,
    lang: 'en',
    displayTitle: true,
    info: { Title: title, Subject: notice, Creator: 'NeoGate', Producer: 'NeoGate', CreationDate: createdAt }
  })
  const chunks: Buffer[] = []
  pdf.on('data', chunk => chunks.push(chunk as Buffer))
  const ended = new Promise<void>((resolve, reject) => {
    pdf.on('end', resolve)
    pdf.on('error', reject)
  })
  pdf.registerFont('regular', fonts.regular)
  pdf.registerFont('bold', fonts.bold)

  pdf.font('bold').fontSize(18).fillColor(INK).text(title, { width: WIDTH })
  pdf.font('regular').fontSize(10).fillColor(MUTED).text(subtitle, { width: WIDTH })
  pdf.font('bold').fontSize(10).fillColor('#a33000').text(notice, { width: WIDTH })
  pdf.y += GAP
  blocks.forEach((block, i) => writeBlock(pdf, block, blocks[i + 1]))

  const { count } = pdf.bufferedPageRange()
  for (let page = 0; page < count; page++) {
    pdf.switchToPage(page)
    const y = PAGE.height - 36
    pdf.font('bold').fontSize(8).fillColor('#a33000').text(notice, MARGIN.side, y, { lineBreak: false })
    pdf.font('regular').fillColor(MUTED)
    const number = `${page + 1} / ${count}`
    const shortTitle = title.length > 70 ? `${title.slice(0, 69)}…` : title
    const right = `${shortTitle}    ${number}`
    pdf.text(right, PAGE.width - MARGIN.side - pdf.widthOfString(right), y, { lineBreak: false })
  }
  pdf.end()
  await ended
  return Buffer.concat(chunks)
}

function writeBlock(pdf: Pdf, block: Block, next: Block | undefined): void {
  switch (block.kind) {
    case 'page-break':
      if (pdf.y > MARGIN.top) newPage(pdf)
      return
    case 'heading': {
      const size = block.level === 1 ? 14 : 11
      // A heading stays with the beginning of what follows it.
      makeRoom(pdf, size * 1.6 + (next ? Math.min(heightOf(pdf, next), 90) : 0))
      pdf.y += block.level === 1 ? 6 : 2
      pdf.font('bold').fontSize(size).fillColor(INK).text(block.text, MARGIN.side, pdf.y, { width: WIDTH })
      pdf.y += 4
      return
    }
    case 'paragraph':
      writeText(pdf, block.text, block.small ? 8 : 9.5, block.small ? MUTED : INK)
      pdf.y += 5
      return
    case 'list':
      for (const item of block.items) writeText(pdf, item, 9, INK, 12)
      pdf.y += 5
      return
    case 'table':
      writeTable(pdf, block)
      return
    case 'figures':
      writeFigures(pdf, block)
  }
}

function heightOf(pdf: Pdf, block: Block): number {
  if (block.kind === 'figures') return figureScale(block.drawings).height + 30
  if (block.kind === 'table') return 60
  return block.kind === 'paragraph'
    ? pdf.font('regular').fontSize(9.5).heightOfString(block.text, { width: WIDTH })
    : 30
}

function newPage(pdf: Pdf): void {
  pdf.addPage()
  pdf.y = MARGIN.top
}

function makeRoom(pdf: Pdf, height: number): void {
  if (pdf.y + height > BOTTOM) newPage(pdf)
}

/** @param indent of a list's item, which gets a dash before it */
function writeText(pdf: Pdf, text: string, size: number, fill: string, indent = 0): void {
  pdf.font('regular').fontSize(size).fillColor(fill)
  const options = { width: WIDTH - indent, lineGap: 1.5 }
  makeRoom(pdf, Math.min(pdf.heightOfString(text, options), BOTTOM - MARGIN.top))
  const y = pdf.y
  if (indent > 0) pdf.text('–', MARGIN.side, y, { lineBreak: false })
  pdf.text(text, MARGIN.side + indent, y, options)
}

function writeTable(pdf: Pdf, { caption, columns, rows }: Extract<Block, { kind: 'table' }>): void {
  const header = columns.some(({ title }) => title !== '') ? columns.map(({ title }) => title) : null
  if (caption !== null) {
    makeRoom(pdf, 60)
    pdf.font('bold').fontSize(9).fillColor(INK).text(caption, MARGIN.side, pdf.y, { width: WIDTH })
    pdf.y += 3
  }
  if (header) writeRow(pdf, columns, header, 'bold')
  for (const row of rows) {
    if (pdf.y + rowHeight(pdf, columns, row, 'regular') > BOTTOM) {
      newPage(pdf)
      if (header) writeRow(pdf, columns, header, 'bold')
    }
    writeRow(pdf, columns, row, 'regular')
  }
  pdf.y += GAP
}

const cellWidth = ({ width }: Column) => width * WIDTH - 2 * CELL.padding

function rowHeight(
  pdf: Pdf,
  columns: readonly Column[],
  cells: readonly string[],
  weight: 'regular' | 'bold'
): number {
  pdf.font(weight).fontSize(CELL.size)
  const heights = columns.map((column, i) =>
    pdf.heightOfString(breakable(pdf, cells[i] ?? '', cellWidth(column)), { width: cellWidth(column) })
  )
  return Math.max(...heights) + 2 * CELL.padding
}

function writeRow(
  pdf: Pdf,
  columns: readonly Column[],
  cells: readonly string[],
  weight: 'regular' | 'bold'
): void {
  const height = rowHeight(pdf, columns, cells, weight)
  makeRoom(pdf, height)
  const top = pdf.y
  let x = MARGIN.side
  columns.forEach((column, i) => {
    const width = cellWidth(column)
    pdf
      .font(weight)
      .fontSize(CELL.size)
      .fillColor(weight === 'bold' ? MUTED : INK)
      .text(breakable(pdf, cells[i] ?? '', width), x + CELL.padding, top + CELL.padding, {
        width,
        align: column.numeric ? 'right' : 'left'
      })
    x += column.width * WIDTH
  })
  pdf
    .moveTo(MARGIN.side, top + height)
    .lineTo(MARGIN.side + WIDTH, top + height)
    .lineWidth(0.5)
    .strokeColor(RULE)
    .stroke()
  pdf.y = top + height
}

/** Hashes and the like, which have no place to break a line at, are given some. */
function breakable(pdf: Pdf, text: string, width: number): string {
  return text
    .split(' ')
    .map(word => {
      if (pdf.widthOfString(word) <= width) return word
      const pieces: string[] = []
      let piece = ''
      for (const character of word) {
        if (piece !== '' && pdf.widthOfString(piece + character) > width) {
          pieces.push(piece)
          piece = ''
        }
        piece += character
      }
      return [...pieces, piece].join('\n')
    })
    .join(' ')
}

/** All drawings of a row at one scale, at most as drawn. */
function figureScale(drawings: readonly Drawing[]): { scale: number; height: number } {
  const wide = drawings.reduce((sum, { width }) => sum + width, 0)
  const scale = Math.min(1.15, (WIDTH - GAP * (drawings.length - 1)) / wide)
  return { scale, height: scale * Math.max(...drawings.map(({ height }) => height)) }
}

function writeFigures(pdf: Pdf, { caption, drawings }: Extract<Block, { kind: 'figures' }>): void {
  const { scale, height } = figureScale(drawings)
  makeRoom(pdf, height + (caption === null ? 0 : 26))
  const top = pdf.y
  let x = MARGIN.side
  for (const drawing of drawings) {
    pdf.save()
    pdf.translate(x, top).scale(scale)
    for (const shape of drawing.shapes) drawShape(pdf, shape)
    pdf.restore()
    x += scale * drawing.width + GAP
  }
  pdf.x = MARGIN.side
  pdf.y = top + height + 4
  if (caption !== null) {
    pdf.font('regular').fontSize(8).fillColor(MUTED).text(caption, MARGIN.side, pdf.y, { width: WIDTH })
  }
  pdf.y += GAP
}

function drawShape(pdf: Pdf, shape: Shape): void {
  if (shape.kind === 'text') {
    const { x, y, text, size, anchor, weight, fill, upright } = shape
    pdf.save()
    pdf.translate(x, y)
    if (upright) pdf.rotate(-90)
    pdf.font(weight).fontSize(size).fillColor(fill)
    const width = pdf.widthOfString(text)
    const left = anchor === 'start' ? 0 : anchor === 'end' ? -width : -width / 2
    pdf.text(text, left, 0, { lineBreak: false, baseline: 'alphabetic' })
    pdf.restore()
    return
  }
  if (shape.kind === 'rect') pdf.rect(shape.x, shape.y, shape.width, shape.height).fill(hex(shape.fill))
  else if (shape.kind === 'circle') pdf.circle(shape.x, shape.y, shape.radius).fill(hex(shape.fill))
  else {
    const [first, ...rest] = shape.points
    pdf.moveTo(first![0], first![1])
    for (const [x, y] of rest) pdf.lineTo(x, y)
    if (shape.kind === 'area') {
      pdf.closePath().fillOpacity(shape.opacity).fill(hex(shape.fill)).fillOpacity(1)
      return
    }
    pdf.lineWidth(shape.width).lineJoin('round')
    if (shape.dash !== undefined) pdf.dash(shape.dash, { space: shape.dash })
    pdf.stroke(hex(shape.stroke))
    if (shape.dash !== undefined) pdf.undash()
  }
}

/** pdfkit knows #rrggbb only. */
function hex(colour: string): string {
  const parts = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(colour)
  if (!parts) return colour
  return `#${parts
    .slice(1)
    .map(part => Number(part).toString(16).padStart(2, '0'))
    .join('')}`
}
