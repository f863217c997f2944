import { NeoGateError } from '../../foundation'

/** A graph that does not hold together; `where` names the node, value or op at fault. */
export function graphError(where: string, problem: string): NeoGateError {
  return new NeoGateError('MODEL_REFUSED', `${where}: ${problem}`, { field: where })
}
