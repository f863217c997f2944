import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ModelComparison, ModelInfo, PromotionWarning } from '../../contract'
import { UsageError, type Command, type TerminalClient } from '../command'
import { EXIT } from '../exit-codes'
import { requiredOption } from '../options'
import { fields, table } from '../output'

const ID_NOTE = 'ID is a model’s id, or as many of its first characters as tell it from the others.'

export const modelListCommand: Command = {
  name: 'model list',
  summary: 'List the model versions of a project.',
  operands: 'PROJECT',
  arity: [1, 1],
  options: {},
  notes: 'Macro F1 and macro AUROC are those of the validation films in a model’s card.',
  async run({ output, openProject }) {
    const client = await openProject()
    const models = await client.models.list()
    output.result(models, () =>
      table(
        ['', 'ID', 'NAME', 'METHOD', 'TRAINED', 'PARENT', 'MACRO F1', 'MACRO AUROC', 'MADE'],
        models.map(model => {
          const validation = model.training?.metrics.validation
          return [
            model.active ? '*' : '',
            model.id.slice(0, 8),
            model.name,
            model.method,
            model.trained ? 'yes' : 'no',
            parentOf(model, models),
            decimals(validation?.macroF1 ?? null),
            decimals(validation?.macroAuroc ?? null),
            model.createdAt
          ]
        })
      )
    )
    return EXIT.done
  }
}

export const modelPromoteCommand: Command = {
  name: 'model promote',
  summary: 'Make a version the active one, on record.',
  operands: 'PROJECT ID',
  arity: [2, 2],
  options: {
    reason: { type: 'string', help: 'TEXT: why; kept in the history; required' },
    confirm: { type: 'boolean', help: 'promote in spite of the warnings' }
  },
  notes: `${ID_NOTE}
Refused without --confirm where the version is untrained or has no validation result, did worse than the active one on the
same validation films, or was validated on other films.`,
  async run({ positionals, options, output, openProject }) {
    const reason = requiredOption(options, 'reason')
    const client = await openProject()
    const model = pick(await client.models.list(), positionals[1]!)
    const { warnings } = await client.models.promotionCheck({ id: model.id })
    const models = await client.models.promote({ id: model.id, reason, confirm: options.confirm === true })
    for (const warning of warnings) output.note(`Warning: ${WARNINGS[warning.kind]}.`)
    output.result({ active: activeOf(models), warnings }, () => `Active: ${activeOf(models)!.name}`)
    return EXIT.done
  }
}

export const modelRollbackCommand: Command = {
  name: 'model rollback',
  summary: 'Return to the version promoted before, on record.',
  operands: 'PROJECT',
  arity: [1, 1],
  options: { reason: { type: 'string', help: 'TEXT: why; kept in the history; required' } },
  notes: 'A second rollback goes back by one more promotion.',
  async run({ options, output, openProject }) {
    const reason = requiredOption(options, 'reason')
    const client = await openProject()
    const active = activeOf(await client.models.rollback({ reason }))
    output.result({ active }, () => `Active: ${active!.name}`)
    return EXIT.done
  }
}

export const modelCompareCommand: Command = {
  name: 'model compare',
  summary: 'Hold two versions against each other on the films both have predicted.',
  operands: 'PROJECT A B',
  arity: [3, 3],
  options: {
    all: { type: 'boolean', help: 'on all films, those that the versions learnt from included' },
    films: { type: 'string', help: 'FILE with film ids, one on each line' }
  },
  notes: `${ID_NOTE}
Without --all or --films: the films on the validation side of every split that either version or one it comes from was
trained with; all films where no such split is known. Films on a locked test side are always left out. The intervals are
95 % percentile intervals over 1000 resamples of infants. Nothing is predicted: run 'predict' first.`,
  async run({ positionals, options, output, openProject }) {
    if (options.all === true && options.films !== undefined) throw new UsageError('Give --all or --films.')
    const filmIds = options.films === undefined ? null : await readIds(resolve(String(options.films)))
    const client = await openProject()
    const models = await client.models.list()
    const [a, b] = [pick(models, positionals[1]!), pick(models, positionals[2]!)]
    const scope = options.all === true ? 'all' : 'validation'
    const comparison = await client.models.compare({ a: a.id, b: b.id, filmIds, scope })
    output.result(comparison, () => describeComparison(comparison, a, b))
    return EXIT.done
  }
}

export const modelCardCommand: Command = {
  name: 'model card',
  summary: 'Print a model’s card as Markdown.',
  operands: 'DIR',
  arity: [1, 1],
  options: {},
  notes: 'Notice, intended use, training, data counts, validation, and what is not known.',
  async run({ positionals, output, connect }) {
    const { client } = await connect()
    const card = await client.tools.describeModelCard({ folder: resolve(positionals[0]!) })
    output.result(card, () => card.markdown.trimEnd())
    return EXIT.done
  }
}

const WARNINGS: Record<PromotionWarning['kind'], string> = {
  untrained: 'it is untrained, its predictions mean nothing',
  'not-validated': 'it has no validation result',
  'lower-macro-f1': 'its validation macro F1 was below that of the version before',
  'different-validation': 'it was validated on other films than the version before'
}

type Models = Awaited<ReturnType<TerminalClient['models']['list']>>

const activeOf = (models: Models) => models.find(model => model.active) ?? null

/** @throws UsageError for an id that none or several have */
function pick(models: Models, id: string): ModelInfo {
  const found = models.filter(model => model.id.startsWith(id))
  if (found.length === 1) return found[0]!
  const problem = found.length === 0 ? `This project has no model ${id}.` : `Several models begin with ${id}.`
  throw new UsageError(`${problem} 'neogate model list' shows them.`)
}

function parentOf({ training }: ModelInfo, models: Models): string | null {
  if (!training?.parent) return null
  return models.find(({ hash }) => hash === training.parent)?.id.slice(0, 8) ?? training.parent.slice(0, 8)
}

async function readIds(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new UsageError(`--films: ${error.message}`)
  })
  const ids = text.split(/\s+/).filter(Boolean)
  if (ids.length === 0) throw new UsageError(`--films: ${file} is empty.`)
  return ids
}

const decimals = (value: number | null) => (value === null ? null : value.toFixed(4))

/** Rows of the changed films that the text lists; --json has all. */
const LISTED = 40

function describeComparison(comparison: ModelComparison, a: ModelInfo, b: ModelInfo): string {
  const { films, agreement, lineage, changed } = comparison
  const metrics = comparison.metrics.map(({ name, a: left, b: right, difference }) => [
    METRICS[name],
    decimals(left),
    decimals(right),
    difference && difference.estimate.toFixed(4),
    difference && `${difference.low.toFixed(4)} to ${difference.high.toFixed(4)}`
  ])
  const sections = [
    fields([
      ['A', `${a.name} (${a.id.slice(0, 8)})`],
      ['B', `${b.name} (${b.id.slice(0, 8)})`],
      ['Lineage', RELATIONS[lineage.relation]],
      ['Films', `${SCOPES[films.scope]}${films.splits.length > 0 ? ` (${films.splits.join(', ')})` : ''}`],
      ['Left out', `${films.test} on a locked test side`],
      ...(films.unknownSplits.length > 0
        ? [['Unknown splits', films.unknownSplits.join(', ')] satisfies [string, string]]
        : []),
      ['Considered', films.considered],
      ['Not predicted', `${films.withoutA} by A, ${films.withoutB} by B`],
      ['Compared', `${films.compared}; labelled ${films.labelled}, of ${films.infants} infants`],
      ['Same answer', agreement.same],
      ['Changed answer', agreement.changed],
      ['Both right', agreement.bothRight],
      ['Only A right', agreement.onlyARight],
      ['Only B right', agreement.onlyBRight],
      ['Both wrong', agreement.bothWrong]
    ]),
    table(['LABELLED FILMS', 'A', 'B', 'B - A', '95 % INTERVAL'], metrics),
    ...(lineage.differences.length > 0
      ? [
          table(
            ['DIFFERS', 'A', 'B'],
            lineage.differences.map(row => [row.field, row.a, row.b])
          )
        ]
      : []),
    ...(changed.length > 0
      ? [
          table(
            ['CHANGED FILM', 'INFANT', 'A', 'B', 'LABEL'],
            changed.slice(0, LISTED).map(row => [row.filmId, row.patientKey, row.from, row.to, row.label])
          )
        ]
      : []),
    ...(changed.length > LISTED ? [`and ${changed.length - LISTED} more; --json lists all`] : [])
  ]
  return sections.join('\n\n')
}

const METRICS = { accuracy: 'Accuracy', macroF1: 'Macro F1' }

const RELATIONS = {
  same: 'the same model',
  'a-from-b': 'A comes from B',
  'b-from-a': 'B comes from A',
  'common-ancestor': 'A and B have a common ancestor',
  unrelated: 'not related, as far as this project knows'
}

const SCOPES = {
  given: 'those given',
  validation: 'validation side only',
  all: 'all, those learnt from included'
}
