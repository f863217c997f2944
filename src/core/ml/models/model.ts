import type { GraphBuilder, Value } from '../graph'

/** The six diagnoses. */
export const CLASSES = 6

/** What a network is given. */
export interface ModelInputs {
  /** [N, 3, S, S], ImageNet-normalised. */
  image: Value
  /** [N, 2]: (GA, BW), each as (value - cohort mean) / cohort deviation. */
  context: Value
}

/** From the image to the last feature map, in two pieces so that the second can be trained on what the first gives. */
export interface Backbone {
  /** All but the last stage: image -> the map before it (ResNet: C4), [N, ...]. */
  trunk(g: GraphBuilder, inputs: ModelInputs): Value
  /** The last stage: -> F [N, C, H, W], whose mean over the places is all that `classify` sees of the image. */
  lastStage(g: GraphBuilder, trunk: Value): Value
}

export interface Classification {
  /** [N, classes] */
  logits: Value
  /**
   * [N, C]: what each channel of F is multiplied by on its way to the classifier's weights; null: by one. It is the gate
   * where the method has one. Needed for class activation maps only.
   */
  scale: Value | null
}

/**
 * Where a method comes from: 'paper', its Table 1; 'own', a candidate of ours beyond the paper; 'control', GA and BW
 * without the image, to show what the numbers alone explain; 'small', one of the others made small for demonstration.
 */
export type ModelOrigin = 'paper' | 'own' | 'control' | 'small'

/** One architecture; its functions emit it and declare its parameters. */
export interface ModelDefinition {
  /** Method id, e.g. 'ccgn'. */
  readonly id: string
  readonly origin: ModelOrigin
  /** One line on what it is. */
  readonly summary: string
  /** Prefix of the classifier's parameters, for counts without head; its `weight` is [classes, >= C], channels of F first. */
  readonly head: string
  /**
   * What no image-only checkpoint can hold, so that it starts fresh without complaint: prefixes of names ('gate.'), or
   * with a dot before them parts that blocks have within ('.se.').
   */
  readonly ownParts: readonly string[]
  /** Weights over more input channels than a checkpoint has: the first come from it, the others start fresh. */
  readonly widened: readonly string[]
  readonly classes: number
  /** Input side that this method is meant for. */
  readonly defaultSize: number
  /** Where GA and BW enter: nowhere, before F is made (another GA or BW takes the whole network), or behind GAP(F). */
  readonly context: 'none' | 'backbone' | 'pooled'
  /** null: a control, which sees GA and BW only; its pooled features have no channels. */
  readonly backbone: Backbone | null
  /** pooled = GAP(F) [N, C], context [N, 2] */
  classify(g: GraphBuilder, pooled: Value, context: Value): Classification
}
