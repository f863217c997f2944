import type { Evaluation } from '../../../contract'
import { RESEARCH_NOTICE } from '../../model-registry'
import { namedValues, type Block } from '../../report'
import type { Facts } from './gather-facts'

/** Hashes, seeds and versions that tie figures to what they were computed from. */
export function provenance({ summary, resamples, seed, calibration }: Evaluation, facts: Facts) {
  const { card, split, history, code, providers } = facts
  return {
    notice: RESEARCH_NOTICE,
    project: facts.project,
    evaluation: { id: summary.id, at: summary.at, reader: summary.reader },
    model: {
      name: summary.modelName,
      method: summary.method,
      hash: summary.modelHash,
      weights: card?.weights.sha256 ?? null,
      parent: card?.training?.parent ?? null
    },
    preprocessing: card?.preprocessing.hash ?? null,
    set: { ...summary.set, films: summary.films, infants: summary.infants, hash: summary.setHash },
    split: split && { name: split.split.name, manifest: split.split.hash, seed: split.split.seed },
    training: card?.training
      ? {
          films: card.training.data.manifestHash,
          seed: card.training.seed,
          history: card.training.data.history,
          code: card.training.code,
          provider: card.training.provider
        }
      : null,
    calibration,
    bootstrap: { resamples, seed },
    history,
    providers,
    code
  }
}
export type Provenance = ReturnType<typeof provenance>

export function provenanceBlocks(of: Provenance): Block[] {
  const rows: [string, string | null][] = [
    ['Evaluation', `${of.evaluation.id}, ${of.evaluation.at}, ${of.evaluation.reader}`],
    ['Project', of.project],
    ['Model', `${of.model.name} (${of.model.method})`],
    ['Model, SHA-256', of.model.hash],
    ['Weights, SHA-256', of.model.weights],
    ['Trained from, SHA-256', of.model.parent],
    ['Preprocessing, SHA-256', of.preprocessing],
    ['Set, SHA-256', of.set.hash],
    ['Test side opened because', of.set.reason],
    ['Split manifest, SHA-256', of.split && `${of.split.manifest} (${of.split.name}, seed ${of.split.seed})`],
    ['Training films, SHA-256', of.training && of.training.films],
    ['Training seed, provider', of.training && `${of.training.seed}, ${of.training.provider}`],
    ['Resamples, seed', `${of.bootstrap.resamples}, ${of.bootstrap.seed}`],
    ['History sealed at', `entry ${of.history.seq}, ${of.history.hash}`],
    ['NeoGate, ONNX Runtime, Node.js', `${of.code.neogate}, ${of.code.onnxruntime}, ${of.code.node}`],
    ['System, providers', `${of.code.platform}; ${of.providers.join(', ') || 'not recorded'}`]
  ]
  return [
    { kind: 'heading', level: 1, text: 'Provenance' },
    namedValues(rows.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])))
  ]
}
