import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { diagnosis, type AgreementFigure, type AgreementSummary } from '../../contract'
import { UsageError, type Command, type CommandCall, type TerminalClient } from '../command'
import { EXIT } from '../exit-codes'
import { integerOption, requiredOption } from '../options'
import { fields, table } from '../output'
import { listOption } from './queue'

export const agreementCommand: Command = {
  name: 'agreement',
  summary: 'Tell how far readers agree with one another, with themselves, the labels and the model.',
  operands: 'PROJECT [PROTOCOL]',
  arity: [1, 2],
  options: {
    pair: { type: 'string', help: 'CLASS,CLASS looked at first (default TTN,RDS)' },
    resamples: { type: 'string', help: 'N bootstrap resamples of infants (default 1000)' },
    export: { type: 'string', help: 'FORMAT imrmc or mrmcaov: write the readings for that program instead' },
    positive: { type: 'string', help: 'CLASS against the rest in the export (default RDS)' },
    out: { type: 'string', help: 'FILE to write the export to' }
  },
  notes: `Without PROTOCOL, the readings of all protocols. Intervals are 95 %, from resampling whole infants.`,
  async run(call) {
    const { positionals, options, output, openProject } = call
    const classes = diagnosis
      .array()
      .length(2)
      .safeParse(options.pair ? listOption(options.pair) : ['TTN', 'RDS'])
    if (!classes.success) throw new UsageError('--pair takes two classes such as TTN,RDS.')
    const protocol = positionals[1] ?? null
    const client = await openProject()
    if (options.export !== undefined) return exportReadings(client, call, protocol)
    const found = await client.agreement.summary({
      protocol,
      classes: classes.data as [never, never],
      resamples: integerOption(options, 'resamples') ?? 1000
    })
    output.result(found, () => describe(found))
    return EXIT.done
  }
}

async function exportReadings(
  client: TerminalClient,
  { options, output }: CommandCall,
  protocol: string | null
): Promise<number> {
  const format = String(options.export)
  if (format !== 'imrmc' && format !== 'mrmcaov') throw new UsageError('--export takes imrmc or mrmcaov.')
  const positive = diagnosis.safeParse(options.positive ?? 'RDS')
  if (!positive.success) throw new UsageError('--positive takes a class such as RDS.')
  const out = resolve(requiredOption(options, 'out'))
  const { text, ...made } = await client.agreement.export({ protocol, positive: positive.data, format })
  await writeFile(out, text)
  output.result({ out, ...made }, () => `${out}: ${made.readers} readers, ${made.films} films`)
  return EXIT.done
}

function figure(value: AgreementFigure): string | null {
  if (value === null) return null
  const estimate = value.estimate.toFixed(3)
  if (value.low === null || value.high === null) return estimate
  return `${estimate} (${value.low.toFixed(3)} to ${value.high.toFixed(3)})`
}

function describe(found: AgreementSummary): string {
  const { panel, raters } = found
  if (panel.films === 0 && found.pairs.length === 0) return 'No film has been read under a protocol yet.'
  const parts = [
    fields([
      ['Films read twice or more', panel.films],
      ['Infants', panel.infants],
      ['Agreement', figure(panel.percent)],
      [`Fleiss' kappa (${panel.readings} readings)`, figure(panel.fleiss)],
      ["Krippendorff's alpha", figure(panel.krippendorff)],
      ["Gwet's AC1", figure(panel.ac1)]
    ]),
    table(
      ['CLASSES', 'FILMS', 'DIFFER', 'AGREEMENT', 'AC1', 'WEIGHTED KAPPA'],
      found.classPairs.map(pair => [
        pair.classes.join(' / '),
        pair.films,
        pair.disagreed.length,
        figure(pair.percent),
        figure(pair.ac1),
        figure(pair.weighted)
      ])
    ),
    table(
      ['FIRST', 'SECOND', 'FILMS', 'AGREEMENT', "COHEN'S KAPPA", 'AC1'],
      found.pairs.map(pair => [
        raters[pair.first]!.name,
        raters[pair.second]!.name,
        pair.films,
        figure(pair.percent),
        figure(pair.cohen),
        figure(pair.ac1)
      ])
    )
  ]
  for (const [title, groups] of [
    ['SITE', found.bySite],
    ['GA WEEKS', found.byGaBand]
  ] as const) {
    const rows = groups.map(({ value, agreement }) => [
      value,
      agreement.films,
      figure(agreement.percent),
      figure(agreement.krippendorff),
      figure(agreement.ac1)
    ])
    parts.push(table([title, 'FILMS', 'AGREEMENT', 'ALPHA', 'AC1'], rows))
  }
  if (found.intra.length > 0) {
    const rows = found.intra.map(({ reader, agreement }) => [
      reader,
      agreement.films,
      figure(agreement.percent),
      figure(agreement.cohen),
      figure(agreement.ac1)
    ])
    parts.push(table(['SAME READER TWICE', 'FILMS', 'AGREEMENT', "COHEN'S KAPPA", 'AC1'], rows))
  }
  return parts.join('\n\n')
}
