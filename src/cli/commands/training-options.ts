import { hyperparameters, providerId, trainingPreset, type TrainingOptions } from '../../contract'
import { UsageError, type OptionSpec } from '../command'

/** What one run and an experiment of many are told alike. */
export const trainingOptionSpecs = (preset: string) =>
  ({
    preset: {
      type: 'string',
      help: `PRESET: ${trainingPreset.options.join(', ')} (default ${preset})`
    },
    set: { type: 'string', help: 'NAME=VALUE,... of hyperparameters that differ from the preset' },
    split: { type: 'string', help: 'SPLIT by name or id (default: the newest)' },
    provider: {
      type: 'string',
      help: `PROVIDER: ${providerId.options.join(', ')} (default: the fastest that works)`
    }
  }) satisfies Record<string, OptionSpec>

/** 'epochs=5,cosine=false,clipNorm=none' */
export function hyperparameterOption(list: string | null): TrainingOptions['hyperparameters'] {
  if (list === null) return {}
  const pairs = list.split(',').map(pair => {
    const [name, value, ...more] = pair.split('=').map(part => part.trim())
    if (!name || value === undefined || more.length > 0) {
      throw new UsageError(`--set takes NAME=VALUE,..., not '${pair}'.`)
    }
    const number = Number(value)
    const special: Record<string, boolean | null> = { true: true, false: false, null: null, none: null }
    return [name, value in special ? special[value] : Number.isNaN(number) ? value : number]
  })
  const parsed = hyperparameters.partial().strict().safeParse(Object.fromEntries(pairs))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new UsageError(`--set: ${issue!.path.join('.')} ${issue!.message}`)
}
