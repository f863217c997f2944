import { resolve } from 'node:path'
import { pixelStage, type FileInspection } from '../../contract'
import { UsageError, type Command } from '../command'
import { EXIT } from '../exit-codes'
import { integerOption, requiredOption } from '../options'
import { fields, printable } from '../output'

export const inspectCommand: Command = {
  name: 'inspect',
  summary: 'Say of each file whether it would be taken in, and what it holds.',
  operands: 'FILE...',
  arity: [1, Infinity],
  options: {},
  notes: 'Prints patient names, as the files give them. Exit code 3 where a file would be refused.',
  async run({ positionals, output, connect }) {
    const { client } = await connect()
    const inspections = await client.tools.inspect({ paths: positionals.map(path => resolve(path)) })
    output.result(inspections, () => inspections.map(describe).join('\n\n'))
    return inspections.every(({ accepted }) => accepted) ? EXIT.done : EXIT.findings
  }
}

function describe(file: FileInspection): string {
  const verdict = file.accepted ? 'accepted' : `REFUSED: ${file.reason ?? 'unknown'}`
  const { spacing } = file
  const calibration =
    spacing?.calibrated === true ? ', calibrated' : spacing?.calibrated === false ? ', not calibrated' : ''
  const known: [string, string | number | null][] = [
    ['  Particulars', file.detail],
    ['  Field', file.field],
    ['  Format', file.format],
    ['  Transfer syntax', file.transferSyntax],
    ['  Rows x columns', file.rows === null ? null : `${file.rows} x ${file.columns}`],
    ['  Frames', file.frames],
    ['  Bits stored', file.bitsStored],
    ['  Photometric', file.photometric],
    ['  Modality', file.modality],
    ['  Window', file.windows.map(({ center, width }) => `${center}/${width}`).join(', ') || null],
    ['  Spacing', spacing && `${spacing.rowMm} x ${spacing.columnMm} mm (${spacing.source}${calibration})`],
    ['  Patient name', file.patientName]
  ]
  const shown = known.filter(([, value]) => value !== null)
  const heading = `${printable(file.path)}: ${verdict}`
  return shown.length === 0 ? heading : `${heading}\n${fields(shown)}`
}

export const pixelsCommand: Command = {
  name: 'pixels',
  summary: 'Write one stage of a film’s pixels as a NumPy array.',
  operands: 'FILE',
  arity: [1, 1],
  options: {
    stage: { type: 'string', help: `STAGE: ${pixelStage.options.join(', ')}` },
    out: { type: 'string', help: 'FILE.npy to write' },
    size: { type: 'string', help: 'SIDE of the model input in pixels (default 512)' }
  },
  notes: `stored, modality: [rows, columns]; display: [rows, columns] from 0 to 1; model: [3, SIDE, SIDE], normalised.`,
  async run({ positionals, options, output, connect }) {
    const stage = pixelStage.safeParse(requiredOption(options, 'stage'))
    if (!stage.success) throw new UsageError(`--stage takes ${pixelStage.options.join(', ')}.`)
    const out = resolve(requiredOption(options, 'out'))
    const size = integerOption(options, 'size') ?? 512
    const { client } = await connect()
    const path = resolve(positionals[0]!)
    const written = await client.tools.writePixels({ path, stage: stage.data, size, out })
    output.result(written, () => `${written.out}: ${written.dtype} [${written.shape.join(', ')}]`)
    return EXIT.done
  }
}
