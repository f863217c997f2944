import type { GraphBuilder, Value } from '../graph'

/** What a network is given. */
export interface ModelInputs {
  /** [N, 3, S, S], ImageNet-normalised. */
  image: Value
  /** [N, 2]: (GA, BW), each as (value - cohort mean) / cohort deviation. */
  context: Value
}

/** What a network gives; the same values serve inference, training and explanation. */
export interface ModelOutputs {
  /** Last feature map F [N, C, H, W], before the gate. */
  features: Value
  /** F with every channel scaled by the gate A(GA, BW). */
  gatedFeatures: Value
  /** GAP(F) [N, C]: all that the gate and the head need of the image. */
  pooled: Value
  /** [N, classes] */
  logits: Value
}

/** One architecture; `build` emits it and declares its parameters. */
export interface ModelDefinition {
  /** Method id, e.g. 'ccgn'. */
  readonly id: string
  /** One line on what it is. */
  readonly summary: string
  /** Prefix of the classifier's parameters, for counts without head. */
  readonly head: string
  /** Prefixes of what no image-only checkpoint can hold, so that it starts fresh without complaint. */
  readonly ownParts: readonly string[]
  readonly classes: number
  /** Input side that this method is meant for. */
  readonly defaultSize: number
  build(g: GraphBuilder, inputs: ModelInputs): ModelOutputs
}
