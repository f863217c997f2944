import type { TrainingOptions } from '../../../contract'
import type { HyperparameterKey } from './written-numbers'

export type Beginning = 'version' | 'fresh' | 'file'
export type Scope = TrainingOptions['scope']
export type Preset = TrainingOptions['preset']

/** What can be chosen of a run, before anything was. */
export const untouched = () => ({
  beginning: 'fresh' as Beginning,
  parentId: null as string | null,
  init: '',
  method: '',
  scope: 'all' as Scope,
  preset: 'paper' as Preset,
  split: null as string | null,
  data: 'all' as NonNullable<TrainingOptions['data']>,
  control: 'none' as NonNullable<TrainingOptions['control']>,
  provider: null as NonNullable<TrainingOptions['provider']> | null,
  name: '',
  /** Numbers as they stand in their fields. */
  rehearsal: '',
  size: '',
  seed: '0',
  /** Hyperparameters that were written over those of the preset. */
  written: {} as Partial<Record<HyperparameterKey, string | boolean>>
})
