import { transpose as emitTranspose } from '../../graph'
import type { GradientRule } from '../gradient-rule'

/** The inverse permutation. */
export const transpose: GradientRule = (dy, { g, node }) => {
  const perm = node.attributes.perm as readonly number[]
  return [
    emitTranspose(
      g,
      dy,
      perm.map((_, axis) => perm.indexOf(axis))
    )
  ]
}
