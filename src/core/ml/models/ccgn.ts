import type { GraphBuilder, Value } from '../graph'
import { contextGate, linear } from '../layers'
import { CLASSES, type Classification } from './model'
import { resnetMethod } from './resnet'

/** Width of the gate's hidden layer; 32 is the width that gives the paper's 23.58 M parameters. */
export const GATE_HIDDEN = 32

/**
 * A = gate(GA, BW), logits = fc(A * GAP(F)), which is the paper's fc(GAP(F (x) A)): the gate scales whole channels, so it
 * may as well scale their means.
 */
function gatedClassifier(g: GraphBuilder, pooled: Value, context: Value): Classification {
  const gate = contextGate(g, context, 'gate', { hidden: GATE_HIDDEN, channels: pooled.shape[1]! })
  return { logits: linear(g, g.node('Mul', [pooled, gate], {}, 'gated'), 'fc', CLASSES), scale: gate }
}

/**
 * Clinical-Context Gated Network (Jung & Choi 2025): F = ResNet50(image), logits = fc(GAP(F (x) gate(GA, BW))).
 * Parameters: torchvision's `resnet50`; `gate.fc1.*`, `gate.fc2.*` for the gate.
 */
export const [ccgn, ccgnSmall] = resnetMethod({
  id: 'ccgn',
  origin: 'paper',
  summary: 'Clinical-Context Gated Network: ResNet50, gate of width 32 on the last feature map',
  context: 'pooled',
  ownParts: ['gate.'],
  classify: gatedClassifier
})
