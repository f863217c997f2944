import type { ModelCard } from './model-card'

/** Why a model should not become the active one without a second thought. */
export type PromotionWarning =
  /** Random weights. */
  | { kind: 'untrained' }
  /** Nothing is known of how it does on films it was not trained on. */
  | { kind: 'not-validated' }
  /** Worse than the active model on the same validation films. */
  | { kind: 'lower-macro-f1'; current: number; next: number }
  /** The two validations cannot be held against each other. */
  | { kind: 'different-validation'; current: number; next: number }

/**
 * What stands against a promotion; empty where nothing does.
 * @param current the active model's card, null where none is active
 */
export function promotionWarnings(current: ModelCard | null, next: ModelCard): PromotionWarning[] {
  if (!next.trained) return [{ kind: 'untrained' }]
  const validated = next.training?.metrics.validation
  if (!validated || validated.macroF1 === null) return [{ kind: 'not-validated' }]
  const before = current?.training?.metrics.validation
  if (!before || before.macroF1 === null) return []
  const sameFilms =
    next.training?.split?.manifestHash !== undefined &&
    next.training.split.manifestHash === current?.training?.split?.manifestHash &&
    validated.films === before.films
  if (!sameFilms) return [{ kind: 'different-validation', current: before.films, next: validated.films }]
  if (validated.macroF1 >= before.macroF1) return []
  return [{ kind: 'lower-macro-f1', current: before.macroF1, next: validated.macroF1 }]
}

/** A warning in a sentence, for the terminal and for errors. */
export function describeWarning(warning: PromotionWarning): string {
  switch (warning.kind) {
    case 'untrained':
      return 'It is untrained: its predictions mean nothing.'
    case 'not-validated':
      return 'It has no validation result, so nothing says how it does on films it was not trained on.'
    case 'lower-macro-f1':
      return `Its validation macro F1, ${warning.next.toFixed(4)}, is below the active model's, ${warning.current.toFixed(4)}, on the same films.`
    case 'different-validation':
      return `It was validated on other films (${warning.next}) than the active model (${warning.current}), so their results cannot be compared.`
  }
}
