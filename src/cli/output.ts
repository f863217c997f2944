export interface Output {
  /** True under --json: one JSON value on stdout, nothing else there. */
  json: boolean
  /** The result: the value itself under --json, else the text. */
  result(value: unknown, text: () => string): void
  /** One line of a result that comes bit by bit. */
  line(text: string): void
  /** One-line progress on stderr: overwritten in place on a terminal, at most one line a second elsewhere. */
  progress(line: string): void
  /** A remark on stderr. */
  note(line: string): void
}

export function createOutput(json: boolean, stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Output {
  let open = false
  let lastProgress = 0
  const endProgress = () => {
    if (open) stderr.write('\n')
    open = false
  }
  return {
    json,
    result(value, text) {
      endProgress()
      stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${text()}\n`)
    },
    line(text) {
      endProgress()
      stdout.write(`${text}\n`)
    },
    progress(line) {
      if (stderr.isTTY) {
        stderr.write(`\r\x1b[K${line}`)
        open = true
      } else if (Date.now() - lastProgress >= 1000) {
        lastProgress = Date.now()
        stderr.write(`${line}\n`)
      }
    },
    note(line) {
      endProgress()
      stderr.write(`${line}\n`)
    }
  }
}

/** Columns needed on a terminal: East Asian wide characters take two. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text.normalize('NFC')) {
    const code = character.codePointAt(0)!
    if (code >= 0x300 && code <= 0x36f) continue
    width += isWide(code) ? 2 : 1
  }
  return width
}

/** Unicode East_Asian_Width W and F, by block. */
function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  )
}

/** Aligned columns under a header; numbers to the right. */
export function table(header: string[], rows: (string | number | null)[][]): string {
  const cells = [header, ...rows.map(row => row.map(cell => (cell === null ? '-' : printable(String(cell)))))]
  const widths = header.map((_, column) => Math.max(...cells.map(row => displayWidth(row[column] ?? ''))))
  const right = header.map(
    (_, column) => rows.length > 0 && rows.every(row => typeof row[column] === 'number')
  )
  return cells
    .map(row =>
      row
        .map((cell, column) => {
          const padding = ' '.repeat(widths[column]! - displayWidth(cell))
          return right[column] ? padding + cell : cell + padding
        })
        .join('  ')
        .trimEnd()
    )
    .join('\n')
}

/** `name  value` lines. */
export function fields(entries: [string, string | number | boolean | null][]): string {
  const width = Math.max(...entries.map(([name]) => displayWidth(name)))
  return entries
    .map(([name, value]) => {
      const padding = ' '.repeat(width - displayWidth(name))
      return `${name}${padding}  ${value === null ? '-' : printable(String(value))}`
    })
    .join('\n')
}

/** Text from files must not steer the terminal: control characters are shown as U+FFFD. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd')
}

/** 93 -> '1 min 33 s'. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
