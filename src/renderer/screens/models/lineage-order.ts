import type { ModelInfo } from '../../../contract'

/** A version in its place: parents before their children, each child one step deeper. */
export interface PlacedModel {
  model: ModelInfo
  depth: number
  /** null where it began with fresh weights, or with those of a version that the project does not have. */
  parent: ModelInfo | null
}

/** Versions as a tree read from top to bottom; siblings in the order given. A circle of forged cards is cut open. */
export function lineageOrder(models: readonly ModelInfo[]): PlacedModel[] {
  const byHash = new Map(models.map(model => [model.hash, model]))
  const parentOf = (model: ModelInfo) => byHash.get(model.training?.parent ?? '') ?? null
  const placed = new Map<string, PlacedModel>()
  const place = (model: ModelInfo, depth: number, parent: ModelInfo | null) => {
    if (placed.has(model.id)) return
    placed.set(model.id, { model, depth, parent })
    for (const child of models) if (parentOf(child) === model) place(child, depth + 1, model)
  }
  for (const model of models) if (parentOf(model) === null) place(model, 0, null)
  for (const model of models) place(model, 0, null)
  return [...placed.values()]
}
