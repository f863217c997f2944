import { DIAGNOSES } from '../../domain'
import { cardBlocks, type Block, type Drawing } from '../../report'
import type { CoreContext } from '../core-context'
import { checklists } from './checklists'
import { evaluationCsv } from './evaluation-csv'
import { evaluationFigures } from './evaluation-figures'
import { classTables, controlTable, overallTable, subgroupTable, warningList } from './evaluation-tables'
import { setText } from './figure-text'
import { gatherFacts } from './gather-facts'
import { methodsText } from './methods-text'
import { provenance, provenanceBlocks } from './provenance'
import type { ReportContent } from './write-report'

/** @throws NeoGateError NOT_FOUND */
export async function evaluationReport(core: CoreContext, id: string): Promise<ReportContent> {
  const evaluation = await core.project().evaluations.get(id)
  const facts = await gatherFacts(core, evaluation)
  const figures = evaluationFigures(evaluation)
  const { summary } = evaluation
  const origin = provenance(evaluation, facts)
  const pick = (...names: string[]): Drawing[] => names.map(name => figures[name]!)
  const row = (caption: string | null, ...names: string[]): Block => ({
    kind: 'figures',
    caption,
    drawings: pick(...names)
  })
  const threes = (prefix: string, caption: string): Block[] => {
    const names = DIAGNOSES.map(name => `${prefix}-${name}`)
    return [row(null, ...names.slice(0, 3)), row(caption, ...names.slice(3))]
  }
  return {
    title: `Evaluation of ${summary.modelName}`,
    subtitle: `${summary.method} on ${setText(summary.set)}, ${summary.films} films of ${summary.infants} infants. ${summary.at.slice(0, 10)}, NeoGate ${facts.code.neogate}.`,
    blocks: [
      ...warningList(evaluation),
      { kind: 'heading', level: 1, text: 'Results' },
      overallTable(evaluation),
      ...classTables(evaluation),
      row(
        'Confusion matrix: films, and shares of each label. Shading is by share of the label.',
        'confusion-counts',
        'confusion-row-shares'
      ),
      row('Curves of each class; areas with 95 % intervals.', 'roc', 'precision-recall'),
      row(
        'Reliability of the highest probability in 15 bins; bands are 95 % intervals. Right: what the confusion matrix says of each answer.',
        'reliability',
        'confusion-column-shares'
      ),
      ...threes('reliability', 'Reliability of each class in ten bins; bands are 95 % intervals.'),
      ...threes('decision', 'Net benefit of acting on each class; bands are 95 % intervals.'),
      subgroupTable(evaluation),
      ...controlTable(evaluation),
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
      'figures.csv': evaluationCsv(evaluation),
      'provenance.json': `${JSON.stringify(origin, null, 2)}\n`,
      ...(facts.cardMarkdown === null ? {} : { 'model-card.md': facts.cardMarkdown })
    }
  }
}
