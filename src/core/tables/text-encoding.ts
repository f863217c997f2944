import { isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'
import { tableRefused } from './table-error'

export type TableEncoding = 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'utf-16be' | 'cp949'

const SAVE_AS_UTF8 = 'Save the table as "CSV UTF-8" and try again.'
/** ZIP (xlsx, ods) and OLE compound document (xls). */
const SPREADSHEET_STARTS = [Buffer.from([0x50, 0x4b, 3, 4]), Buffer.from([0xd0, 0xcf, 0x11, 0xe0])]
const REPLACEMENT = '\ufffd'

/** UTF-16 without a byte order mark shows as ASCII letters with a zero byte always before or always after them. */
function guessUtf16(bytes: Buffer): 'utf-16le' | 'utf-16be' | null {
  const sample = bytes.subarray(0, 4096 - (4096 % 2))
  let zerosAtEven = 0
  let zerosAtOdd = 0
  for (let i = 0; i + 1 < sample.length; i += 2) {
    if (sample[i] === 0) zerosAtEven++
    if (sample[i + 1] === 0) zerosAtOdd++
  }
  const pairs = Math.floor(sample.length / 2)
  if (pairs < 2) return null
  if (zerosAtOdd > pairs * 0.3 && zerosAtEven === 0) return 'utf-16le'
  if (zerosAtEven > pairs * 0.3 && zerosAtOdd === 0) return 'utf-16be'
  return null
}

function detectEncoding(bytes: Buffer): TableEncoding {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8-bom'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return guessUtf16(bytes) ?? (isUtf8(bytes) ? 'utf-8' : 'cp949')
}

/** 1-based line of the first line for which `bad` holds. */
function lineOf(bytes: Buffer, bad: (line: Buffer) => boolean): number {
  let line = 1
  for (let start = 0; start <= bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start)
    const stop = end < 0 ? bytes.length : end
    if (bad(bytes.subarray(start, stop)) || end < 0) return line
    start = end + 1
  }
  return line
}

function decodeCp949(bytes: Buffer, file: string): string {
  const text = iconv.decode(bytes, 'cp949')
  if (text.includes(REPLACEMENT)) {
    const line = lineOf(bytes, part => iconv.decode(part, 'cp949').includes(REPLACEMENT))
    throw tableRefused(file, 'undecodable', `line ${line} is neither UTF-8 nor CP949 text.`, SAVE_AS_UTF8)
  }
  let hangul = 0
  let others = 0
  for (const character of text) {
    const code = character.codePointAt(0)!
    if (code >= 0xac00 && code <= 0xd7a3) hangul++
    else if (code > 0x7f) others++
  }
  // Western 8-bit text often decodes as CP949 without an error, to rare Chinese characters.
  if (hangul === 0 || others > hangul) {
    const line = lineOf(bytes, part => !isUtf8(part))
    throw tableRefused(
      file,
      'undecodable',
      `line ${line} is in an encoding that is not known for sure.`,
      SAVE_AS_UTF8
    )
  }
  return text
}

function decodeUtf16(bytes: Buffer, bigEndian: boolean, file: string): string {
  if (bytes.length % 2 !== 0) {
    throw tableRefused(file, 'undecodable', 'the last UTF-16 character is cut off.', SAVE_AS_UTF8)
  }
  const text = (bigEndian ? Buffer.from(bytes).swap16() : bytes).toString('utf16le')
  const lone = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.exec(text)
  if (lone) {
    const line = text.slice(0, lone.index).split('\n').length
    throw tableRefused(file, 'undecodable', `line ${line} is not valid UTF-16.`, SAVE_AS_UTF8)
  }
  return text
}

/**
 * Text of a table, line ends as '\n', without byte order mark.
 * @param file named in errors only
 * @throws NeoGateError TABLE_REFUSED: 'undecodable' with the line, 'spreadsheet-file', 'binary-file'
 */
export function decodeTableText(bytes: Buffer, file: string): { text: string; encoding: TableEncoding } {
  if (SPREADSHEET_STARTS.some(start => bytes.subarray(0, 4).equals(start))) {
    throw tableRefused(
      file,
      'spreadsheet-file',
      'this is a spreadsheet, not a table of text.',
      'Open it in the spreadsheet program and save the sheet as "CSV UTF-8".'
    )
  }
  const encoding = detectEncoding(bytes)
  if (encoding === 'utf-8-bom' && !isUtf8(bytes)) {
    const line = lineOf(bytes, part => !isUtf8(part))
    throw tableRefused(
      file,
      'undecodable',
      `line ${line} is not valid UTF-8 although the file says so.`,
      SAVE_AS_UTF8
    )
  }
  const text =
    encoding === 'cp949'
      ? decodeCp949(bytes, file)
      : encoding === 'utf-16le' || encoding === 'utf-16be'
        ? decodeUtf16(bytes, encoding === 'utf-16be', file)
        : bytes.toString('utf8')
  if (text.includes('\0')) {
    throw tableRefused(file, 'binary-file', 'this file holds binary data.', 'Choose a CSV, TSV or JSON file.')
  }
  return { text: text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n'), encoding }
}
