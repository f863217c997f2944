/** What lineage needs of a model; `ListedModel` and `ModelFolder` fit. */
export interface Descendant {
  hash: string
  card: { training?: { parent: string | null } | undefined }
}

export type Relation = 'same' | 'a-from-b' | 'b-from-a' | 'common-ancestor' | 'unrelated'

export interface Kinship {
  relation: Relation
  /** Hash of the nearest model that both come from, either of the two included; null where unrelated. */
  ancestor: string | null
}

/**
 * Hashes from the model itself back to the first, as far as `models` know them; the last may be a parent that is not among
 * them. Ends at a circle, which only a forged card can make.
 */
export function ancestry(model: Descendant, models: readonly Descendant[]): string[] {
  const byHash = new Map(models.map(known => [known.hash, known]))
  const line = [model.hash]
  for (let parent = model.card.training?.parent; parent && !line.includes(parent);) {
    line.push(parent)
    parent = byHash.get(parent)?.card.training?.parent
  }
  return line
}

/** How two models are related through the parents that `models` know. */
export function kinship(a: Descendant, b: Descendant, models: readonly Descendant[]): Kinship {
  if (a.hash === b.hash) return { relation: 'same', ancestor: a.hash }
  const lineOfB = new Set(ancestry(b, models))
  const ancestor = ancestry(a, models).find(hash => lineOfB.has(hash)) ?? null
  if (ancestor === null) return { relation: 'unrelated', ancestor }
  if (ancestor === b.hash) return { relation: 'a-from-b', ancestor }
  return { relation: ancestor === a.hash ? 'b-from-a' : 'common-ancestor', ancestor }
}
