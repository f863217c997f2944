import { RESEARCH_NOTICE, type ModelCard } from './model-card'
import type { TrainingRecord, ValidationMetrics } from './training-record'

/** A model card for people: Markdown with the notice, the intended use, the data, the results and what is not known. */
export function modelCardDocument(card: ModelCard, hash: string): string {
  const { training } = card
  const sections = [
    [`# ${escape(card.name)}`, `> **${RESEARCH_NOTICE}**`],
    ['## Model', table(['', ''], modelRows(card, hash))],
    ['## Intended use', INTENDED_USE],
    ['## Training', training ? table(['', ''], trainingRows(training)) : withoutTraining(card)],
    ...(training ? [['## Data', table(['', ''], dataRows(training))]] : []),
    ['## Validation', ...validationSection(training?.metrics.validation ?? null)],
    ['## What is not known', list(unknowns(card))]
  ]
  return `${sections.flat().join('\n\n')}\n`
}

const INTENDED_USE = `Research on frontal chest films of newborns in intensive care, read together with gestational age and birth weight: \
comparing methods, finding films worth a second look, studying labels. Not for diagnosis, triage or treatment of any \
infant, and not for films of older patients. It always answers with one of its classes, also on films that show none of \
them.`

function modelRows(card: ModelCard, hash: string): Row[] {
  const { context, parameters } = card
  return [
    ['Method', card.method],
    ['State', card.trained ? 'trained' : '**untrained: predictions mean nothing**'],
    ['Classes', card.classes.join(', ')],
    ['Input', `3 x ${card.size} x ${card.size} pixels; gestational age; birth weight`],
    ['Preprocessing', card.preprocessing.steps.join('; ')],
    ['Cohort, gestational age', `mean ${context.gaMeanDays} days, deviation ${context.gaSdDays}`],
    ['Cohort, birth weight', `mean ${context.bwMeanGrams} g, deviation ${context.bwSdGrams}`],
    ['Parameters', `${parameters.total} (${parameters.withoutHead} without the classifier)`],
    ['Hash', `\`${hash}\``],
    ['Weights, SHA-256', `\`${card.weights.sha256}\``],
    ['Made', card.createdAt]
  ]
}

function withoutTraining(card: ModelCard): string {
  if (!card.trained) return 'None.'
  return 'Not recorded: the weights were trained elsewhere and taken from a file.'
}

function trainingRows(training: TrainingRecord): Row[] {
  const { code } = training
  return [
    ['Parent', training.parent === null ? 'none: began with fresh weights' : `\`${training.parent}\``],
    ['Trained part', SCOPES[training.scope]],
    ['Preset', training.preset],
    ...Object.entries(training.hyperparameters).map(([name, value]): Row => [
      name,
      Array.isArray(value) ? value.map(String).join(', ') : String(value)
    ]),
    ['Epochs, optimizer steps', `${training.epochs}, ${training.steps}`],
    ['Stopped', training.stopReason],
    ['Seed', String(training.seed)],
    ['Computed by', `${training.provider}, onnxruntime ${code.onnxruntime}, Node.js ${code.node}`],
    ['NeoGate', code.neogate],
    ['From, to', `${training.startedAt}, ${training.finishedAt}`]
  ]
}

const SCOPES: Record<TrainingRecord['scope'], string> = {
  head: 'gate and classifier',
  'last-stage': 'last stage, gate and classifier',
  all: 'everything'
}

function dataRows({ data, split }: TrainingRecord): Row[] {
  return [
    ['Training films', String(data.films.train)],
    ['of them newly labelled', String(data.newLabels)],
    ['of them rehearsed', String(data.rehearsal)],
    ['Validation films', String(data.films.validation)],
    ['Manifest, SHA-256', `\`${data.manifestHash}\``],
    ['Split', split === null ? 'given with the films' : `${split.name} (manifest \`${split.manifestHash}\`)`],
    ...(data.history === null
      ? []
      : [['History sealed at', `entry ${data.history.seq}, \`${data.history.hash}\``] satisfies Row])
  ]
}

function validationSection(validation: ValidationMetrics | null): string[] {
  if (validation === null) return ['None.']
  const perClass = Object.entries(validation.perClass).map(([diagnosis, scores]): Row => [
    diagnosis,
    String(scores.films),
    number(scores.precision),
    number(scores.recall),
    number(scores.f1),
    number(scores.auroc)
  ])
  return [
    table(
      ['', ''],
      [
        ['Films', String(validation.films)],
        ['Loss (weighted cross-entropy, nats)', number(validation.loss)],
        ['Accuracy', number(validation.accuracy)],
        ['Macro F1', number(validation.macroF1)],
        ['Macro AUROC', number(validation.macroAuroc)],
        ['Weighted F1', number(validation.weightedF1)]
      ]
    ),
    table(['Class', 'Films', 'Precision', 'Recall', 'F1 of the class', 'AUROC against the rest'], perClass)
  ]
}

function unknowns({ trained, training }: ModelCard): string[] {
  if (!trained) return ['Everything: this model has learnt nothing.']
  const validation = training?.metrics.validation
  const unseen = Object.entries(validation?.perClass ?? {}).flatMap(([diagnosis, { films }]) =>
    films === 0 ? [diagnosis] : []
  )
  return [
    ...(training
      ? []
      : ['Which films, infants and labels it learnt from, and whether they were kept apart.']),
    ...(validation
      ? [
          'How it does on a test set: the validation films were used to choose when to stop, so the numbers above flatter it.'
        ]
      : ['How it does on films that it has not seen.']),
    ...(unseen.length > 0 ? [`How it does on ${unseen.join(', ')}: no validation film had that label.`] : []),
    'How it does at another hospital, with other equipment, or in infants unlike those it learnt from.',
    'Whether its probabilities are calibrated.',
    'How often the labels it learnt from were wrong.'
  ]
}

type Row = string[]

function table(header: string[], rows: Row[]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  const cells = rows.map(row => line(row.map(escapeCell)))
  return [line(header), line(header.map(() => '---')), ...cells].join('\n')
}

const list = (items: string[]) => items.map(item => `- ${item}`).join('\n')
const number = (value: number | null) => (value === null ? 'undefined' : value.toFixed(4))
const escapeCell = (text: string) => text.replace(/\s+/g, ' ').replace(/\|/g, '\\|')
/** A name is free text; in a heading it must stay text. */
const escape = (text: string) => text.replace(/\s+/g, ' ').replace(/[\\`*_<>[\]#|]/g, '\\$&')
