import {
  PAPER_TABLE_2,
  paperMacroF1,
  paperRow,
  type ClassDifferences,
  type ExperimentResult,
  type Figure
} from '../../../contract'
import { DIAGNOSES } from '../../domain'
import { NeoGateError } from '../../foundation'
import { cardBlocks, intervalChart, namedValues, type Block, type Drawing } from '../../report'
import type { CoreContext } from '../core-context'
import type { StoredExperiment } from '../experiments/experiment-store'
import { tabulateClasses } from '../experiments/tabulate'
import { checklists } from './checklists'
import { csvOf } from './evaluation-csv'
import { differenceText, figureText } from './figure-text'
import { gatherFacts } from './gather-facts'
import { methodsText } from './methods-text'
import { provenance, provenanceBlocks } from './provenance'
import type { ReportContent } from './write-report'

const TRAINED = { all: 'whole networks', 'last-stage': 'last stages', head: 'heads' } as const
const PAPER = 'Paper: Jung & Choi 2025, another data set'

/** @throws NeoGateError NOT_FOUND; CONFLICT before there is a result */
export async function experimentReport(core: CoreContext, id: string): Promise<ReportContent> {
  const session = core.project()
  const stored = await session.experiments.get(id)
  const { result, parts, options, plan } = stored
  if (!result) {
    throw new NeoGateError('CONFLICT', 'The experiment has no result yet.', {
      field: 'id',
      remedy: 'Wait until it is done, or resume it.'
    })
  }
  const done = parts.filter(({ state }) => state === 'done')
  const pair = chosenPair(result)
  const classes =
    pair && (await tabulateClasses(session, done, pair, { ...QUIET, resamples: options.resamples }))
  const main = done.find(({ method }) => method === result.reference)!
  const evaluation = await session.evaluations.get(main.evaluationId!)
  const facts = await gatherFacts(core, evaluation)
  const figures = experimentFigures(result)
  const origin = provenance(evaluation, facts)
  return {
    title: stored.name,
    subtitle: `${result.methods.length} methods on the ${options.side === 'test' ? 'locked test' : 'validation'} side of “${plan.split!.name}”, ${result.films} films of ${result.infants} infants. ${stored.at.slice(0, 10)}, NeoGate ${facts.code.neogate}.`,
    blocks: [
      { kind: 'heading', level: 1, text: 'Results' },
      table1(result),
      {
        kind: 'paragraph',
        small: true,
        text: `Means over training seeds; intervals are 95 % percentile intervals of that mean over ${result.resamples} resamples of infants (seed ${result.seed}), the same for all methods; SD is over training seeds. Differences are paired, each less ${result.reference}. The paper’s figures are of another data set (4,370 films), without intervals; how its F1 is averaged is not said. They are for orientation and must not be compared.${result.sameSet ? '' : ' Labels changed between the evaluations: only films with one label throughout are counted.'}`
      },
      ...partBlocks(stored),
      { kind: 'figures', caption: null, drawings: [figures['macro-f1']!] },
      { kind: 'figures', caption: null, drawings: [figures['macro-auroc']!] },
      perClassTable(result),
      ...(classes ? table2(classes) : []),
      ...runBlocks(stored),
      {
        kind: 'paragraph',
        text: `What follows describes ${result.reference}${main.seed === null ? '' : `, seed ${main.seed}`}; the other methods were trained from the same films with the same settings.`
      },
      ...methodsText(evaluation, facts),
      ...checklists(),
      ...(facts.cardMarkdown === null
        ? []
        : [
            { kind: 'heading', level: 1, text: 'Model card' } satisfies Block,
            ...cardBlocks(facts.cardMarkdown)
          ]),
      ...provenanceBlocks(origin)
    ],
    figures,
    files: {
      'figures.csv': csvOf(csvLines(result, classes)),
      ...(facts.cardMarkdown === null ? {} : { 'model-card.md': facts.cardMarkdown }),
      'provenance.json': `${JSON.stringify({ ...origin, experiment: { id, options, runs: parts } }, null, 2)}\n`
    }
  }
}

const QUIET = { signal: new AbortController().signal, progress: () => {} }

/** Early fusion and CCGN as in the paper, or the first method and the reference; null of one method. */
function chosenPair({ methods, reference }: ExperimentResult): { a: string; b: string } | null {
  const names = methods.map(({ method }) => method).filter(method => method !== reference)
  const a = names.find(method => method.startsWith('early-fusion')) ?? names[0]
  return a === undefined ? null : { a, b: reference }
}

function table1({ methods, reference }: ExperimentResult): Block {
  const sd = (value: number | null) => value?.toFixed(3) ?? '–'
  return {
    kind: 'table',
    caption: 'Table 1 for this project',
    columns: [
      { title: 'Method', width: 0.165 },
      { title: 'Runs', width: 0.06, numeric: true },
      { title: 'Macro F1', width: 0.13, numeric: true },
      { title: 'SD', width: 0.055, numeric: true },
      { title: 'Macro AUROC', width: 0.13, numeric: true },
      { title: 'SD', width: 0.055, numeric: true },
      { title: 'Macro F1, difference', width: 0.135, numeric: true },
      { title: 'Parameters (M): all, without head', width: 0.1, numeric: true },
      { title: `${PAPER}: F1, macro AUROC, M`, width: 0.17, numeric: true }
    ],
    rows: methods.map(row => {
      const paper = paperRow(row.method)
      const { total, withoutHead } = row.parameters
      return [
        row.method,
        String(row.runs),
        figureText(row.overall.macroF1),
        sd(row.spread.macroF1),
        figureText(row.overall.macroAuroc),
        sd(row.spread.macroAuroc),
        row.method === reference ? 'reference' : differenceText(row.difference.overall.macroF1),
        `${(total / 1e6).toFixed(2)}, ${(withoutHead / 1e6).toFixed(2)}`,
        paper ? `${paper.f1.toFixed(4)}, ${paper.macroAuroc.toFixed(4)}, ${paper.parameters.toFixed(2)}` : '–'
      ]
    })
  }
}

function perClassTable({ methods }: ExperimentResult): Block {
  return {
    kind: 'table',
    caption: 'F1 of each class, mean over seeds',
    columns: [
      { title: 'Method', width: 0.16 },
      ...DIAGNOSES.map(title => ({ title, width: 0.14, numeric: true }))
    ],
    rows: methods.map(({ method, perClass }) => [method, ...perClass.map(({ f1 }) => figureText(f1))])
  }
}

function table2({ a, b, classes, macroF1, weightedF1 }: ClassDifferences): Block[] {
  const printed = (method: string) => PAPER_TABLE_2[method.replace(/-small$/, '')]
  const mean = (method: string) => paperMacroF1(method)?.toFixed(4) ?? '–'
  const row = (name: string, of: { a: Figure; b: Figure; difference: Figure }, paper: string[]) => [
    ...[name, figureText(of.a), figureText(of.b), differenceText(of.difference)],
    paper.join(', ')
  ]
  return [
    {
      kind: 'table',
      caption: `Table 2 for this project: F1 of each class, ${a} and ${b}`,
      columns: [
        { title: 'Class', width: 0.14 },
        { title: a, width: 0.2, numeric: true },
        { title: b, width: 0.2, numeric: true },
        { title: `${b} less ${a}`, width: 0.24, numeric: true },
        { title: `${PAPER}: the two`, width: 0.22, numeric: true }
      ],
      rows: [
        ...classes.map(of =>
          row(
            of.diagnosis,
            of,
            [a, b].map(method => printed(method)?.[of.diagnosis].toFixed(4) ?? '–')
          )
        ),
        row('macro F1', macroF1, [mean(a), mean(b)]),
        row('weighted F1', weightedF1, ['–'])
      ]
    },
    {
      kind: 'paragraph',
      small: true,
      text: 'The mean of the paper’s CCGN column is .8804; its Table 1 says .8728, which no averaging of the column gives.'
    }
  ]
}

/** What must be said where less than whole networks was trained. */
function partBlocks({ options: { scope }, plan }: StoredExperiment): Block[] {
  if (scope === 'all') return []
  const begun = plan.parts.flatMap(({ method, parentId }) => (parentId ? [`${method} with ${parentId}`] : []))
  const what =
    scope === 'head' ? 'what lies behind the pooled features' : 'the last stage and what lies behind it'
  return [
    {
      kind: 'paragraph',
      text: `Of each network only ${what} was trained, on features of an earlier version: ${[...new Set(begun)].join(', ')}. Differences between methods include what these versions had learnt before, from whatever films, and no interval covers that; training seeds change the order of films alone. The paper trained whole networks.`
    }
  ]
}

function runBlocks({ parts, options }: StoredExperiment): Block[] {
  return [
    {
      kind: 'table',
      caption: 'Runs',
      columns: [
        { title: 'Method', width: 0.2 },
        { title: 'Seed', width: 0.08, numeric: true },
        { title: 'State', width: 0.28 },
        { title: 'Macro F1', width: 0.22, numeric: true },
        { title: 'Macro AUROC', width: 0.22, numeric: true }
      ],
      rows: parts.map(({ method, seed, state, error, macroF1, macroAuroc }) => [
        ...[method, seed === null ? 'given' : String(seed), error === null ? state : `${state}: ${error}`],
        ...[figureText(macroF1), figureText(macroAuroc)]
      ])
    },
    namedValues([
      ['Trained', TRAINED[options.scope]],
      ['Preset', options.preset],
      ['Changed settings', JSON.stringify(options.hyperparameters)],
      ['Input', options.size === null ? 'each method’s own' : `${options.size} pixels`]
    ])
  ]
}

function experimentFigures({ methods }: ExperimentResult): Record<string, Drawing> {
  const chart = (name: 'macroF1' | 'macroAuroc', title: string) => {
    const rows = methods.flatMap(({ method, overall }) => {
      const figure = overall[name]
      const paper = paperRow(method)
      const mark = paper && { mark: name === 'macroF1' ? paper.f1 : paper.macroAuroc }
      return figure ? [{ label: method, ...figure, ...mark }] : []
    })
    return intervalChart({
      title: `${title} of each method`,
      xLabel: `${title}, mean over seeds with 95 % interval over infants`,
      rows,
      markLabel: `${PAPER} (${name === 'macroF1' ? 'F1' : 'macro AUROC'})`
    })
  }
  return { 'macro-f1': chart('macroF1', 'Macro F1'), 'macro-auroc': chart('macroAuroc', 'Macro AUROC') }
}

function csvLines(result: ExperimentResult, classes: ClassDifferences | null): Parameters<typeof csvOf>[0] {
  const { films, infants } = result
  return [
    ...result.methods.flatMap(({ method, overall, perClass, spread, difference, parameters }) => {
      const value = { value: method }
      return [
        ...Object.entries(overall).map(([figure, is]) => ({
          ...{ section: 'table 1', ...value, figure, is, films, infants }
        })),
        ...DIAGNOSES.flatMap((diagnosis, k) =>
          Object.entries(perClass[k]!).map(([figure, is]) => ({
            ...{ section: 'table 1', ...value, diagnosis, figure, is }
          }))
        ),
        ...Object.entries(difference.overall).map(([figure, is]) => ({
          ...{ section: `less ${result.reference}`, ...value, figure, is }
        })),
        ...(['macroF1', 'macroAuroc'] as const).flatMap(figure => {
          const is = spread[figure]
          return is === null ? [] : [{ section: 'SD over seeds', ...value, figure, is }]
        }),
        { section: 'parameters', ...value, figure: 'all', is: parameters.total },
        { section: 'parameters', ...value, figure: 'without head', is: parameters.withoutHead }
      ]
    }),
    ...(classes?.classes ?? []).flatMap(({ diagnosis, a, b, difference }) => [
      { section: 'table 2', value: classes!.a, diagnosis, figure: 'f1', is: a },
      { section: 'table 2', value: classes!.b, diagnosis, figure: 'f1', is: b },
      {
        section: 'table 2',
        value: `${classes!.b} less ${classes!.a}`,
        diagnosis,
        figure: 'f1',
        is: difference
      }
    ])
  ]
}
