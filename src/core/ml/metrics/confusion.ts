/** counts[truth][prediction] */
export type ConfusionMatrix = readonly (readonly number[])[]

export function confusionMatrix(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number
): ConfusionMatrix {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  for (let i = 0; i < truth.length; i++) counts[truth[i]!]![predicted[i]!]!++
  return counts
}

export interface ClassScores {
  /** Cases of the class. */
  support: number
  /** null where nothing was predicted as the class. */
  precision: number | null
  /** null where the class does not occur. */
  recall: number | null
  /** 2 TP / (2 TP + FP + FN); null where the class neither occurs nor is predicted. */
  f1: number | null
}

export function scoresPerClass(matrix: ConfusionMatrix): ClassScores[] {
  return matrix.map((row, index) => {
    const hits = row[index]!
    const support = row.reduce((a, b) => a + b, 0)
    const predicted = matrix.reduce((sum, other) => sum + other[index]!, 0)
    return {
      support,
      precision: predicted > 0 ? hits / predicted : null,
      recall: support > 0 ? hits / support : null,
      f1: support + predicted > 0 ? (2 * hits) / (support + predicted) : null
    }
  })
}

/** Mean of the per-class F1 ("averaged F1", Opitz & Burst 2019) over the classes that occur or are predicted. */
export function macroF1(matrix: ConfusionMatrix): number | null {
  return mean(scoresPerClass(matrix).flatMap(({ f1 }) => (f1 === null ? [] : [f1])))
}

/** Mean of the per-class F1, each class weighted by its support. */
export function weightedF1(matrix: ConfusionMatrix): number | null {
  const scores = scoresPerClass(matrix)
  const total = scores.reduce((sum, { support }) => sum + support, 0)
  return total > 0 ? scores.reduce((sum, { f1, support }) => sum + (f1 ?? 0) * support, 0) / total : null
}

export function accuracy(matrix: ConfusionMatrix): number | null {
  const total = matrix.flat().reduce((a, b) => a + b, 0)
  return total > 0 ? matrix.reduce((sum, row, index) => sum + row[index]!, 0) / total : null
}

export function mean(values: readonly number[]): number | null {
  return values.length > 0 ? values.reduce((a, b) => a + b, 0) / values.length : null
}
