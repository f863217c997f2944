import {
  queueKind,
  type Assignment,
  type ProtocolInfo,
  type ProtocolState,
  type ReaderBlinding
} from '../../contract'
import { UsageError, type Command, type CommandCall } from '../command'
import { EXIT } from '../exit-codes'
import { integerOption } from '../options'
import { fields, table } from '../output'
import { listOption } from './queue'

const HIDEABLE = ['model', 'others', 'context'] as const

export const protocolMakeCommand: Command = {
  name: 'protocol make',
  summary: 'Freeze a list of films from a queue, to be read by one or more readers.',
  operands: 'PROJECT QUEUE',
  arity: [2, 2],
  options: {
    name: { type: 'string', help: 'NAME of the protocol (default: protocol-1, protocol-2 ...)' },
    films: { type: 'string', help: 'N films (default 50)' },
    assign: { type: 'string', help: 'HOW: all, or the number of readers per film (default 1)' },
    site: {
      type: 'string',
      help: 'LIST of SITE=READER+READER, comma-separated: films are read by site instead'
    },
    readers: { type: 'string', help: 'NAMES, comma-separated, who take part (default: everybody)' },
    hide: { type: 'string', help: 'LIST of model, others, context, or none (default model,others)' },
    repeats: { type: 'string', help: 'SHARE of films that come twice without saying so (default 0)' },
    gap: { type: 'string', help: 'N readings between the two at least (default 20)' },
    random: { type: 'string', help: 'SHARE drawn by lot from all films (default 0.1)' },
    'comment-when-unsure': { type: 'boolean', help: 'an unsure reading needs a comment' },
    'labels-at-once': { type: 'boolean', help: 'each answer also becomes the film’s label' },
    reveal: { type: 'boolean', help: 'show what was hidden once a reading is saved' },
    hours: {
      type: 'string',
      help: 'N hours after which a film taken and not read is free again (default 12)'
    },
    seed: { type: 'string', help: 'SEED of the chance in it (default 1)' }
  },
  notes: `QUEUE is one of ${queueKind.options.join(', ')}.`,
  async run({ positionals, options, output, openProject }) {
    const queue = queueKind.safeParse(positionals[1])
    if (!queue.success) throw new UsageError(`QUEUE is one of ${queueKind.options.join(', ')}.`)
    const hidden = hideOption(options.hide)
    const request = {
      name: options.name === undefined ? null : String(options.name),
      queue: queue.data,
      films: integerOption(options, 'films') ?? 50,
      assignment: assignmentOption(options),
      readers: listOption(options.readers),
      hides: { model: hidden.has('model'), others: hidden.has('others'), context: hidden.has('context') },
      repeatShare: shareOption(options, 'repeats', 0),
      repeatGap: integerOption(options, 'gap') ?? 20,
      randomShare: shareOption(options, 'random', 0.1),
      commentWhenUnsure: options['comment-when-unsure'] === true,
      labelsAtOnce: options['labels-at-once'] === true,
      revealAfterCommit: options.reveal === true,
      claimHours: integerOption(options, 'hours') ?? 12,
      seed: integerOption(options, 'seed') ?? 1
    }
    const client = await openProject()
    const made = await client.protocols.make(request)
    output.result(made, () => describeProtocol(made))
    return EXIT.done
  }
}

export const protocolListCommand: Command = {
  name: 'protocol list',
  summary: 'List the reading protocols of a project.',
  operands: 'PROJECT',
  arity: [1, 1],
  options: {},
  async run({ output, openProject }) {
    const client = await openProject()
    const protocols = await client.protocols.list()
    output.result(protocols, () =>
      protocols.length === 0
        ? 'No protocols yet.'
        : table(
            ['NAME', 'QUEUE', 'FILMS', 'READ BY', 'MADE', 'BY', 'CLOSED'],
            protocols.map(protocol => [
              protocol.name,
              protocol.settings.queue,
              protocol.films,
              describeAssignment(protocol.settings.assignment),
              protocol.createdAt,
              protocol.createdBy,
              protocol.closedAt
            ])
          )
    )
    return EXIT.done
  }
}

export const protocolShowCommand: Command = {
  name: 'protocol show',
  summary: 'Tell how far the readers of a protocol are and what their readings come to.',
  operands: 'PROJECT PROTOCOL',
  arity: [2, 2],
  options: {},
  async run({ positionals, output, openProject }) {
    const client = await openProject()
    const state = await client.protocols.get({ protocol: positionals[1]! })
    output.result(state, () => describeState(state))
    return EXIT.done
  }
}

export const protocolCloseCommand: Command = {
  name: 'protocol close',
  summary: 'Give out no more films of a protocol; what was read stays.',
  operands: 'PROJECT PROTOCOL',
  arity: [2, 2],
  options: {},
  async run({ positionals, output, openProject }) {
    const client = await openProject()
    const closed = await client.protocols.close({ protocol: positionals[1]! })
    output.result(closed, () => `${closed.name} closed ${closed.closedAt}`)
    return EXIT.done
  }
}

export const protocolTakeCommand: Command = {
  name: 'protocol take',
  summary: 'Make the consensus of a protocol’s readings the label of its films.',
  operands: 'PROJECT PROTOCOL',
  arity: [2, 2],
  options: { reason: { type: 'string', help: 'TEXT to keep with every label that changes' } },
  notes:
    'Every label that differs becomes a revision; nothing is overwritten. Films without a consensus stay.',
  async run({ positionals, options, output, openProject }) {
    const client = await openProject()
    const reason = options.reason === undefined ? '' : String(options.reason)
    const taken = await client.protocols.takeConsensus({ protocol: positionals[1]!, reason })
    output.result(taken, () => `${taken.applied} labels changed, ${taken.unchanged} were the same.`)
    return EXIT.done
  }
}

export const protocolBlindingCommand: Command = {
  name: 'protocol blinding',
  summary: 'Tell what open protocols hide from you, and for how many films yet.',
  operands: 'PROJECT',
  arity: [1, 1],
  options: {},
  async run({ output, openProject }) {
    const client = await openProject()
    const blinding = await client.protocols.blinding()
    output.result(blinding, () => describeBlinding(blinding))
    return EXIT.done
  }
}

export const protocolUnblindCommand: Command = {
  name: 'protocol unblind',
  summary: 'Look at what a protocol hides from you, as a curator or admin and on record.',
  operands: 'PROJECT PROTOCOL',
  arity: [2, 2],
  options: { reason: { type: 'string', help: 'TEXT that says why; it is needed' } },
  notes:
    'The history keeps who looked, when and why. There is no way back: what you read in this protocol after it does not count as blinded.',
  async run({ positionals, options, output, openProject }) {
    if (options.reason === undefined) throw new UsageError('--reason is needed: say why you look.')
    const client = await openProject()
    const request = { protocol: positionals[1]!, reason: String(options.reason) }
    const blinding = await client.protocols.unblind(request)
    output.result(blinding, () => describeBlinding(blinding))
    return EXIT.done
  }
}

/** @throws UsageError */
function assignmentOption(options: CommandCall['options']): Assignment {
  if (options.site !== undefined) {
    const sites = listOption(options.site).map(entry => {
      const at = entry.lastIndexOf('=')
      if (at < 1) throw new UsageError(`--site takes SITE=READER+READER, not '${entry}'.`)
      const names = entry.slice(at + 1).split('+')
      return [entry.slice(0, at).trim(), names.map(name => name.trim()).filter(name => name !== '')] as const
    })
    return { kind: 'by-site', sites: Object.fromEntries(sites) }
  }
  if (options.assign === 'all') return { kind: 'all' }
  const readers = Number(options.assign ?? 1)
  if (!Number.isInteger(readers) || readers < 1) {
    throw new UsageError(`--assign takes all or a number of readers, not '${String(options.assign)}'.`)
  }
  return { kind: 'some', readers }
}

/** @throws UsageError */
function shareOption(options: CommandCall['options'], name: string, preset: number): number {
  if (options[name] === undefined) return preset
  const share = Number(options[name])
  if (Number.isFinite(share) && share >= 0 && share <= 1) return share
  throw new UsageError(`--${name} takes a share from 0 to 1, not '${String(options[name])}'.`)
}

/** @throws UsageError */
function hideOption(value: string | boolean | undefined): Set<string> {
  const listed = value === undefined ? ['model', 'others'] : listOption(value).filter(name => name !== 'none')
  const unknown = listed.find(name => !HIDEABLE.some(known => known === name))
  if (unknown !== undefined)
    throw new UsageError(`--hide takes ${HIDEABLE.join(', ')} or none, not '${unknown}'.`)
  return new Set(listed)
}

function describeAssignment(assignment: Assignment): string {
  if (assignment.kind === 'all') return 'everybody'
  return assignment.kind === 'by-site' ? 'readers of the site' : `${assignment.readers} per film`
}

function describeProtocol({ name, id, films, settings, seed }: ProtocolInfo): string {
  const hidden = HIDEABLE.filter(what => settings.hides[what])
  return fields([
    ['Protocol', name],
    ['Id', id],
    ['Films', `${films} from ${settings.queue}, ${Math.round(100 * settings.randomShare)} % drawn by lot`],
    ['Read by', describeAssignment(settings.assignment)],
    ['Hidden', hidden.join(', ') || 'nothing'],
    ['Read twice', `${Math.round(100 * settings.repeatShare)} %`],
    ['Seed', seed]
  ])
}

function describeBlinding({ reader, protocols, films }: ReaderBlinding): string {
  if (protocols.length === 0) return `Nothing is hidden from ${reader}.`
  const rows = protocols.map(({ name, hides, left }) => [name, hides.join(', '), left])
  return `${table(['PROTOCOL', 'HIDES', 'LEFT TO READ'], rows)}\n\nFilms concerned: ${films}`
}

function describeState(state: ProtocolState): string {
  const { protocol, progress, consensus, labelAccuracy } = state
  const begun = progress.length > 0
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`
  const readers = table(
    ['READER', 'READ', 'REPEATS', 'ADJUDICATED', 'MEDIAN SECONDS'],
    progress.map(row => [
      row.reader,
      row.first,
      row.repeats,
      row.adjudicated,
      row.medianSeconds === null ? null : row.medianSeconds.toFixed(1)
    ])
  )
  if (!consensus) {
    const withheld = 'What the readings come to is hidden from you until your own reading is over.'
    return [describeProtocol(protocol), begun ? readers : 'You have not begun.', withheld].join('\n\n')
  }
  const results = fields([
    ['Unanimous', consensus.unanimous],
    ['By majority', consensus.majority],
    ['Adjudicated', consensus.adjudication],
    ['Undecided', consensus.none],
    ['Not yet read by all', consensus.open],
    ['Wait for adjudication', state.forAdjudication],
    ['Differ from the label', state.differing],
    [
      'Labels that readers agree with',
      labelAccuracy &&
        `${percent(labelAccuracy.estimate)} (95 % interval ${percent(labelAccuracy.low)} to ${percent(labelAccuracy.high)}; ${labelAccuracy.sampled} films drawn by lot of ${labelAccuracy.population})`
    ]
  ])
  return [describeProtocol(protocol), begun ? readers : 'Nobody has read yet.', results].join('\n\n')
}
