/** Counts of a confusion matrix, [truth * classes + predicted]; a part of a longer array from `at` on. */
export interface Counts {
  counts: Float64Array
  at: number
  classes: number
}

export interface ClassCount {
  tp: number
  /** Films of the class, and films called it. */
  support: number
  called: number
}

export function classCount({ counts, at, classes }: Counts, k: number): ClassCount {
  let support = 0
  let called = 0
  for (let j = 0; j < classes; j++) {
    support += counts[at + k * classes + j]!
    called += counts[at + j * classes + k]!
  }
  return { tp: counts[at + k * classes + k]!, support, called }
}

export function total({ counts, at, classes }: Counts): number {
  let sum = 0
  for (let i = 0; i < classes * classes; i++) sum += counts[at + i]!
  return sum
}

export interface Averages {
  accuracy: number
  macroPrecision: number
  macroRecall: number
  macroSpecificity: number
  macroF1: number
  weightedPrecision: number
  weightedRecall: number
  weightedF1: number
}

/**
 * Macro averages are over the classes that occur or are predicted, a ratio without cases counting 0 there, as scikit-learn
 * has it; weighted ones over the classes that occur. NaN without films.
 */
export function averages(matrix: Counts): Averages {
  const n = total(matrix)
  const macro = { precision: 0, recall: 0, specificity: 0, f1: 0 }
  const weighted = { precision: 0, recall: 0, f1: 0 }
  let present = 0
  let right = 0
  for (let k = 0; k < matrix.classes; k++) {
    const { tp, support, called } = classCount(matrix, k)
    if (support + called === 0) continue
    present++
    right += tp
    const precision = called > 0 ? tp / called : 0
    const recall = support > 0 ? tp / support : 0
    const f1 = (2 * tp) / (support + called)
    macro.precision += precision
    macro.recall += recall
    macro.f1 += f1
    macro.specificity += n > support ? (n - support - called + tp) / (n - support) : 0
    weighted.precision += precision * support
    weighted.recall += recall * support
    weighted.f1 += f1 * support
  }
  return {
    accuracy: right / n,
    macroPrecision: macro.precision / present,
    macroRecall: macro.recall / present,
    macroSpecificity: macro.specificity / present,
    macroF1: macro.f1 / present,
    weightedPrecision: weighted.precision / n,
    weightedRecall: weighted.recall / n,
    weightedF1: weighted.f1 / n
  }
}
