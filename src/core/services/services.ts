import type { ContractProcedure, InferSchemaInput, InferSchemaOutput } from '@orpc/contract'
import type { TerminalContract } from '../../contract'

export interface CallContext {
  /** Aborted when the caller goes away or cancels. */
  signal?: AbortSignal
}

/** Input is what the contract's schema lets through, defaults filled in; output is validated on the way out. */
type Handler<Procedure> =
  Procedure extends ContractProcedure<infer Input, infer Output, infer _Errors, infer _Meta>
    ? (input: InferSchemaOutput<Input>, context: CallContext) => Promise<InferSchemaInput<Output>>
    : never

/** One implementation per procedure of the contract, grouped by area. */
export type Services = {
  [Area in keyof TerminalContract]: {
    [Name in keyof TerminalContract[Area]]: Handler<TerminalContract[Area][Name]>
  }
}
