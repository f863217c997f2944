import type { Drawing } from './drawing'

export interface Column {
  title: string
  /** Share of the page's width; all of a table add up to 1. */
  width: number
  numeric?: boolean
}

/** What a document is made of, from top to bottom. */
export type Block =
  | { kind: 'heading'; level: 1 | 2; text: string }
  | { kind: 'paragraph'; text: string; small?: boolean }
  | { kind: 'list'; items: string[] }
  | { kind: 'table'; caption: string | null; columns: Column[]; rows: string[][] }
  /** Side by side, shrunk to fit; each as wide as it is drawn relative to the others. */
  | { kind: 'figures'; caption: string | null; drawings: Drawing[] }
  | { kind: 'page-break' }

/** A table of two columns: names and values. */
export function namedValues(rows: readonly (readonly [string, string])[]): Block {
  return {
    kind: 'table',
    caption: null,
    columns: [
      { title: '', width: 0.28 },
      { title: '', width: 0.72 }
    ],
    rows: rows.map(row => [...row])
  }
}

/** Our own model cards in Markdown as blocks: headings, a notice, tables, lists and paragraphs; the title is left out. */
export function cardBlocks(markdown: string): Block[] {
  return markdown
    .trim()
    .split(/\n{2,}/)
    .flatMap((part): Block[] => {
      if (part.startsWith('# ') || part.startsWith('> ')) return []
      if (part.startsWith('## ')) return [{ kind: 'heading', level: 2, text: plain(part.slice(3)) }]
      if (part.startsWith('|')) return [tableOf(part)]
      if (part.startsWith('- ')) {
        return [{ kind: 'list', items: part.split('\n').map(item => plain(item.slice(2))) }]
      }
      return [{ kind: 'paragraph', text: plain(part) }]
    })
}

function tableOf(part: string): Block {
  const cells = part.split('\n').map(line =>
    line
      .slice(2, -2)
      .split(' | ')
      .map(cell => plain(cell.trim()))
  )
  const [header, , ...rows] = cells as [string[], string[], ...string[][]]
  if (header.length === 2) return namedValues(rows.map(([name, value]) => [name ?? '', value ?? '']))
  const columns = header.map(title => ({ title, width: 1 / header.length }))
  return { kind: 'table', caption: null, columns, rows }
}

const plain = (text: string) => text.replace(/\*\*|`/g, '').replace(/\\([\\*_<>[\]#|])/g, '$1')
