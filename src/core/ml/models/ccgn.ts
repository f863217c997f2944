import { contextGate, linear } from '../layers'
import type { GraphBuilder, Value } from '../graph'
import type { Classification, ModelDefinition } from './model'
import { RESNET50, resnet, type ResNetConfig } from './resnet'

const CLASSES = 6

/** Width of the gate's hidden layer; 32 is the width that gives the paper's 23.58 M parameters. */
const GATE_HIDDEN = 32

/**
 * A = gate(GA, BW), logits = fc(A * GAP(F)), which is the paper's fc(GAP(F (x) A)): the gate scales whole channels, so it
 * may as well scale their means.
 */
function gatedClassifier(g: GraphBuilder, pooled: Value, context: Value): Classification {
  const gate = contextGate(g, context, 'gate', { hidden: GATE_HIDDEN, channels: pooled.shape[1]! })
  const gated = g.node('Mul', [pooled, gate], {}, 'gated')
  return { logits: linear(g, gated, 'fc', CLASSES), scale: gate }
}

/**
 * Clinical-Context Gated Network (Jung & Choi 2025): F = ResNet(image), logits = fc(GAP(F (x) gate(GA, BW))).
 * Parameters: torchvision's names for the backbone and `fc`; `gate.fc1.*`, `gate.fc2.*` for the gate.
 */
function gatedResnet(config: ResNetConfig) {
  return {
    head: 'fc.',
    ownParts: ['gate.'],
    classes: CLASSES,
    context: 'pooled',
    backbone: resnet(config),
    classify: gatedClassifier
  } as const
}

/** The paper's model. */
export const ccgn: ModelDefinition = {
  ...gatedResnet(RESNET50),
  id: 'ccgn',
  summary: 'Clinical-Context Gated Network: ResNet50, gate of width 32 on the last feature map',
  defaultSize: 512
}

/** The same network, a quarter as wide and half as deep: for the demo project, for tests, for slow machines. */
export const ccgnSmall: ModelDefinition = {
  ...gatedResnet({ width: 16, depths: [2, 2, 2, 2] }),
  id: 'ccgn-small',
  summary: 'CCGN a quarter as wide and half as deep, for demonstration',
  defaultSize: 160
}
