import type { Readable } from 'node:stream'

const MOST_CHARACTERS = 4000

/**
 * Keeps back what a child prints, mostly remarks of native libraries (a graphics driver that was tried and is not there),
 * and gives the end of it when asked for: what it said before it stopped by itself is worth showing, the rest is not.
 */
export function lastWordsOf(...streams: (Readable | null)[]): () => string {
  let words = ''
  for (const stream of streams) {
    stream?.setEncoding('utf8')
    stream?.on('data', (text: string) => (words = (words + text).slice(-MOST_CHARACTERS)))
  }
  return () => words
}
