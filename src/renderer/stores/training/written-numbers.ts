import { hyperparameters, trainingOptions } from '../../../contract'
import type { Hyperparameters } from '../../../contract'

export type HyperparameterKey = keyof Hyperparameters
export type HyperparameterValue = Hyperparameters[HyperparameterKey]

/** Values that one of a few words is chosen for. */
export const CHOICES = {
  optimizer: hyperparameters.shape.optimizer.options,
  classWeights: hyperparameters.shape.classWeights.options,
  batchNorm: hyperparameters.shape.batchNorm.options
} as const

export const isChoice = (key: HyperparameterKey): key is keyof typeof CHOICES => key in CHOICES

/** What was typed for a number: NaN where it is none, null where the field is empty. A comma is taken for a point. */
function numberIn(text: string): number | null {
  const trimmed = text.trim()
  return trimmed === '' ? null : Number(trimmed.replace(',', '.'))
}

/** Reads a hyperparameter as written into its field. @returns undefined where the contract does not allow it */
export function readHyperparameter(
  key: HyperparameterKey,
  written: string | boolean
): HyperparameterValue | undefined {
  const value = typeof written === 'boolean' || isChoice(key) ? written : numberIn(written)
  const { success, data } = hyperparameters.shape[key].safeParse(value)
  return success ? data : undefined
}

/** How a value stands in its field; an absent one leaves it empty. */
export function writeHyperparameter(value: HyperparameterValue): string | boolean {
  if (value === null) return ''
  return typeof value === 'number' ? String(value) : value
}

/** Reads a whole number of the options; an empty field is their default. @returns undefined where it is not allowed */
export function readOption(key: 'seed' | 'size' | 'rehearsal', text: string): number | null | undefined {
  const { success, data } = trainingOptions.shape[key].safeParse(numberIn(text) ?? undefined)
  return success ? data : undefined
}
