import type { Parameter } from '../graph'

/**
 * Learning-rate factors that fall with the distance from the output: decay^d for the d-th group of layers counted back
 * from the last (layer-wise decay, Howard & Ruder 2018). A group is what shares the first part of its name, with the
 * number that follows where there is one: `layer4`, `features.7`.
 * @returns factor by parameter name; 1 for the last group and for `top`
 */
export function layerRates(
  parameters: readonly Parameter[],
  decay: number,
  top: readonly string[]
): ReadonlyMap<string, number> {
  const isTop = (name: string) => top.some(prefix => name.startsWith(prefix))
  const groupOf = (name: string) => /^[^.]+(\.\d+)?/.exec(STEM.test(name) ? 'stem' : blockless(name))![0]
  const groups = [...new Set(parameters.filter(({ name }) => !isTop(name)).map(({ name }) => groupOf(name)))]
  return new Map(
    parameters.map(({ name }) => [
      name,
      isTop(name) ? 1 : decay ** (groups.length - 1 - groups.indexOf(groupOf(name)))
    ])
  )
}

/** The first convolution of a ResNet and its normalisation are one group. */
const STEM = /^(conv1|bn1)\./

/** `layer4.1.conv2` belongs to `layer4`, whichever block it is in. */
function blockless(name: string): string {
  return name.replace(/^(layer\d+)\.\d+/, '$1')
}
