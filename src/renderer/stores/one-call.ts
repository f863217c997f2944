/** One question at a time that its reader may give up: the next one, or `cancel`, ends the one before. */
export function createOneCall() {
  let controller: AbortController | undefined
  const cancel = () => controller?.abort()

  /** @returns the signal to send the question with */
  function begin(): AbortSignal {
    cancel()
    controller = new AbortController()
    return controller.signal
  }

  return { begin, cancel }
}
