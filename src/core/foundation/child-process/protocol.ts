/**
 * Heavy or dangerous work (decoding unknown files, running a network) is done in child processes, so that a crash, a
 * hang or a blocked event loop there never reaches the host. Messages are structured-cloned, typed arrays included.
 */
export type ChildRole = 'film' | 'model' | 'train'

export interface ChildRequest {
  type: 'call'
  id: number
  method: string
  payload: unknown
}

export interface ChildCancel {
  type: 'cancel'
  id: number
}

/** What the host says to a question that a running call has asked. */
export interface ChildAnswer {
  type: 'answer'
  id: number
  question: number
  answer: { value: unknown } | { error: WireError }
}

/** A NeoGateError as it travels. */
export interface WireError {
  code: string
  message: string
  detail: Record<string, string | undefined>
}

export type ToChild = ChildRequest | ChildCancel | ChildAnswer

export type FromChild =
  | { type: 'ready' }
  | { type: 'result'; id: number; value: unknown }
  | { type: 'event'; id: number; event: unknown }
  | { type: 'ask'; id: number; question: number; payload: unknown }
  | { type: 'error'; id: number; error: WireError }

/** One running child, whatever started it (child_process.fork in Node, utilityProcess in Electron). */
export interface ChildHandle {
  send(message: ToChild): void
  onMessage(listener: (message: FromChild) => void): void
  onExit(listener: () => void): void
  kill(): void
}

export type SpawnChild = (role: ChildRole) => ChildHandle
