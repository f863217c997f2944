import { oc } from '@orpc/contract'
import { errorMap } from './errors'

/** Every procedure of the contract starts here, so that all share one error union. */
export const procedure = oc.errors(errorMap)
