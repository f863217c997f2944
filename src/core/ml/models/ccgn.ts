import type { GraphBuilder } from '../graph'
import { applyGate, contextGate, globalAveragePool, linear } from '../layers'
import type { ModelDefinition, ModelInputs, ModelOutputs } from './model'
import { RESNET50, resnet, type ResNetConfig } from './resnet'

const CLASSES = 6

/** Width of the gate's hidden layer; 32 is the width that gives the paper's 23.58 M parameters. */
const GATE_HIDDEN = 32

/**
 * Clinical-Context Gated Network (Jung & Choi 2025): F = ResNet(image), A = gate(GA, BW), logits = fc(GAP(F (x) A)).
 * Parameters: torchvision's names for the backbone and `fc`; `gate.fc1.*`, `gate.fc2.*` for the gate.
 */
function buildCcgn(g: GraphBuilder, { image, context }: ModelInputs, backbone: ResNetConfig): ModelOutputs {
  const features = resnet(g, image, backbone)
  const gate = contextGate(g, context, 'gate', { hidden: GATE_HIDDEN, channels: features.shape[1]! })
  const gatedFeatures = applyGate(g, features, gate, 'gated')
  return {
    features,
    gatedFeatures,
    pooled: globalAveragePool(g, features, 'pooled'),
    logits: linear(g, globalAveragePool(g, gatedFeatures, 'gatedPooled'), 'fc', CLASSES)
  }
}

const shared = { head: 'fc.', ownParts: ['gate.'], classes: CLASSES } as const

/** The paper's model. */
export const ccgn: ModelDefinition = {
  ...shared,
  id: 'ccgn',
  summary: 'Clinical-Context Gated Network: ResNet50, gate of width 32 on the last feature map',
  defaultSize: 512,
  build: (g, inputs) => buildCcgn(g, inputs, RESNET50)
}

/** The same network, a quarter as wide and half as deep: for the demo project, for tests, for slow machines. */
export const ccgnSmall: ModelDefinition = {
  ...shared,
  id: 'ccgn-small',
  summary: 'CCGN a quarter as wide and half as deep, for demonstration',
  defaultSize: 160,
  build: (g, inputs) => buildCcgn(g, inputs, { width: 16, depths: [2, 2, 2, 2] })
}
