import { ORPCError } from '@orpc/client'
import { resolve } from 'node:path'
import { DIAGNOSES, diagnosis, type Diagnosis, type FilmRow, type Uncertainty } from '../../contract'
import { UsageError, type Command, type CommandCall, type TerminalClient } from '../command'
import { EXIT } from '../exit-codes'
import { followJob } from '../follow-job'
import { integerOption } from '../options'
import { fields } from '../output'
import { describeGate, describeNearest, describeSurface, describeUncertainty } from './explain-text'
import { modelIdOf } from './model-id'

const MODEL = { type: 'string', help: 'ID or name of the version (default: the active one)' } as const
const CLASS = {
  type: 'string',
  help: `CLASS that is explained: ${DIAGNOSES.join(', ')} (default: the predicted one)`
} as const
const SHARED = { operands: 'PROJECT FILM', arity: [2, 2] as [number, number] }
const FILM_NOTE = `FILM is a film’s id or the beginning of it, its path below the study folder, or the file itself where it has been
imported.`

interface Asked {
  client: TerminalClient
  film: FilmRow
  asked: { filmId: string; modelId: string | null }
}

async function open(call: CommandCall): Promise<Asked> {
  const client = await call.openProject()
  const wanted = call.options.model
  const modelId = await modelIdOf(client, wanted === undefined ? null : String(wanted))
  const film = await filmNamed(client, call.positionals[1]!)
  return { client, film, asked: { filmId: film.id, modelId } }
}

/** @throws UsageError where no film or several are meant */
async function filmNamed(client: TerminalClient, name: string): Promise<FilmRow> {
  const everything = { filter: { text: '', facets: {} } }
  if (/^[a-z2-7]{4,26}$/.test(name)) {
    const ids = (await client.films.ids({ query: everything })).filter(id => id.startsWith(name))
    if (ids.length === 1) return (await client.films.get({ id: ids[0]! })).row
    if (ids.length > 1) throw new UsageError(`${ids.length} films begin with ${name}; give more of the id.`)
  }
  const path = name.normalize('NFC').replaceAll('\\', '/')
  const last = path.split('/').at(-1)!
  const { rows } = await client.films.query({
    query: { filter: { text: last.slice(0, 200), facets: {} } },
    offset: 0,
    limit: 500
  })
  const whole = resolve(name).normalize('NFC').replaceAll('\\', '/')
  const found = rows.filter(row => row.path === path || whole.endsWith(`/${row.path}`))
  const exact = found.filter(row => row.path === path)
  const meant = exact.length > 0 ? exact : found
  if (meant.length === 1) return meant[0]!
  throw new UsageError(
    meant.length === 0
      ? `This project has no film ${name}.`
      : `Several films of this project are called ${name}.`
  )
}

async function classOf({ client, asked }: Asked, call: CommandCall): Promise<Diagnosis> {
  if (call.options.class === undefined) return (await client.explain.describe(asked)).predicted
  const named = diagnosis.safeParse(call.options.class)
  if (!named.success) throw new UsageError(`--class takes ${DIAGNOSES.join(', ')}.`)
  return named.data
}

function finish(call: CommandCall, value: unknown, text: () => string): number {
  call.output.result(value, text)
  call.output.note('Research use only. Not for diagnosis.')
  return EXIT.done
}

export const explainGateCommand: Command = {
  ...SHARED,
  name: 'explain gate',
  summary: 'A film’s gate beside those of infants of the same GA, and what each channel adds.',
  options: { model: MODEL, class: CLASS },
  notes: FILM_NOTE,
  async run(call) {
    const film = await open(call)
    const report = await film.client.explain.gate({ ...film.asked, diagnosis: await classOf(film, call) })
    return finish(call, report, () => describeGate(report))
  }
}

export const explainSurfaceCommand: Command = {
  ...SHARED,
  name: 'explain surface',
  summary: 'Probabilities over GA and BW, and the smallest change that changes the answer.',
  options: { model: MODEL },
  notes: `${FILM_NOTE} With --json the whole surface, every 2 days and 100 g.`,
  async run(call) {
    const { client, asked } = await open(call)
    const surface = await client.explain.surface(asked)
    return finish(call, surface, () => describeSurface(surface))
  }
}

export const explainNearestCommand: Command = {
  ...SHARED,
  name: 'explain nearest',
  summary: 'The films of the project whose features are nearest.',
  options: {
    model: MODEL,
    by: { type: 'string', help: 'SPACE: gated (features as each infant’s gate lets them through) or pooled' },
    count: { type: 'string', help: 'COUNT of films, up to 48 (default 12)' },
    'same-infant': { type: 'boolean', help: 'films of the same infant too' }
  },
  notes: FILM_NOTE,
  async run(call) {
    const by = call.options.by ?? 'gated'
    if (by !== 'gated' && by !== 'pooled') throw new UsageError('--by takes gated or pooled.')
    const count = integerOption(call.options, 'count') ?? 12
    if (count < 1 || count > 48) throw new UsageError('--count takes 1 to 48.')
    const { client, asked } = await open(call)
    const question = { ...asked, by, count, otherInfants: call.options['same-infant'] !== true } as const
    for (;;) {
      const answer = await client.explain.nearest(question, { signal: call.signal })
      if (answer.state === 'found') return finish(call, answer, () => describeNearest(answer))
      call.output.progress(`gathering features: ${answer.done} of ${answer.total} films`)
    }
  }
}

export const explainUncertaintyCommand: Command = {
  ...SHARED,
  name: 'explain uncertainty',
  summary: 'What an ensemble of heads disagrees about, and sets of classes with stated coverage.',
  options: {
    model: MODEL,
    fit: { type: 'boolean', help: 'fit the ensemble first, in place of an earlier one' },
    members: { type: 'string', help: 'COUNT of heads to fit, 3 to 20 (default 8)' }
  },
  notes: FILM_NOTE,
  async run(call) {
    const members = integerOption(call.options, 'members') ?? 8
    if (members < 3 || members > 20) throw new UsageError('--members takes 3 to 20.')
    const { client, asked } = await open(call)
    if (call.options.fit === true) {
      const { jobId } = await client.explain.fitEnsemble({ modelId: asked.modelId, members })
      const job = await followJob(client, jobId, call)
      if (job.error) throw new ORPCError(job.error.code, { message: job.error.message, data: job.error.data })
      if (job.state !== 'done') return EXIT.cancelled
    }
    const answer: Uncertainty = await client.explain.uncertainty(asked)
    return finish(call, answer, () => describeUncertainty(answer))
  }
}

export const explainSaliencyCommand: Command = {
  ...SHARED,
  name: 'explain saliency',
  summary: 'The activation map held against the gradient and against covering the film place by place.',
  options: {
    model: MODEL,
    class: CLASS,
    'no-occlusion': { type: 'boolean', help: 'the gradient alone, which takes one pass' }
  },
  notes: FILM_NOTE,
  async run(call) {
    const film = await open(call)
    const question = { ...film.asked, diagnosis: await classOf(film, call) }
    const gradient = await film.client.explain.saliency(question, { signal: call.signal })
    let occlusion: Awaited<ReturnType<typeof film.client.explain.occlusion>> | null = null
    while (call.options['no-occlusion'] !== true && (occlusion === null || occlusion.done < occlusion.rows)) {
      occlusion = await film.client.explain.occlusion(question, { signal: call.signal })
      call.output.progress(`covering: row ${occlusion.done} of ${occlusion.rows}`)
    }
    const written = (value: number | null | undefined) => value?.toFixed(3) ?? null
    return finish(call, { diagnosis: question.diagnosis, gradient, occlusion }, () =>
      fields([
        ['class', question.diagnosis],
        ['rank correlation of |gradient| with |activation|', written(gradient.correlation)],
        ['rank correlation of occlusion with activation', written(occlusion?.correlation)]
      ])
    )
  }
}
